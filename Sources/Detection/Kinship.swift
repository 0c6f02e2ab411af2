import EventModel
import EventWindow
import Lineage

extension Judgement {
  /// Two identities with their credentials, as a detector remembers them.
  struct Party: Sendable {
    var name: Symbol
    /// Node of the credential and its root in the lineage; -1 none.
    var node: Int32
    var root: Int32
    var attestor: Symbol
  }

  func party(_ moment: Moment, _ profile: Profile) -> Party {
    Party(
      name: Reach.identity(moment.subject), node: profile.node, root: profile.root,
      attestor: attestor(moment, profile))
  }

  /// One got its credential from the other, both have one root, or one takes the other's place as far as the data shows.
  func areRelated(_ a: Party, _ b: Party) -> Bool {
    if a.name == b.name || a.attestor.isPresent && a.attestor == b.attestor { return true }
    if a.root >= 0, a.root == b.root { return true }
    if descends(a, from: b) || descends(b, from: a) { return true }
    if survey.mintEdges.targets[a.name]?.contains(b.name) == true { return true }
    return survey.mintEdges.targets[b.name]?.contains(a.name) == true
  }

  private func descends(_ a: Party, from b: Party) -> Bool {
    guard a.node >= 0 else { return false }
    for at in lineage.path(from: a.node).dropFirst() {
      if at == b.node || lineage[at].holder == b.name { return true }
    }
    // A mint by the other's session, though its credential was not logged.
    return lineage[a.node].minter.map { Reach.identity(window.dictionaries.subjects[$0]) == b.name } ?? false
  }

  /// Who stands at the root of a lineage: its holder, else that of the first credential below it.
  func rootName(_ moment: Moment, _ profile: Profile) -> Symbol {
    guard profile.node >= 0 else { return Reach.identity(moment.subject) }
    for at in lineage.path(from: profile.node).reversed() where lineage[at].holder.isPresent {
      return lineage[at].holder
    }
    return Reach.identity(moment.subject)
  }
}
