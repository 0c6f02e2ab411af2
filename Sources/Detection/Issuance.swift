import EventModel
import EventWindow
import Lineage

/// Whose credentials have their mint in the data, and when mints were logged: what a missing mint is held against (TR6).
///
/// Only credentials that end by themselves. 24 B a principal, 4 B for each ten minutes of each log that mints.
struct Issuance: Sendable {
  struct Holder: Sendable {
    var minted = 0
    var missing = 0
    /// A use of a credential whose mint was seen, and the log that its mint stood in.
    var example: Row?
    var log: UInt64 = 0
  }
  private(set) var holders: [Symbol: Holder] = [:]
  private var mints: [UInt64: Set<Int32>] = [:]
  private var seen: [Bool] = []  // by subject
  static let step = 10 * Timestamp.minute

  /// Call after the lineage saw the event.
  mutating func survey(_ moment: Moment, _ lineage: borrowing Lineage, in window: EventWindow) {
    if moment.event.mint > 0, moment.tookPlace, moment.time != Timestamp.none {
      let log = Survey.log(moment)
      if mints[log, default: []].count < 60_000 { mints[log, default: []].insert(Issuance.slot(moment.time)) }
    }
    let slot = Int(moment.event.subject)
    if slot < seen.count, seen[slot] { return }
    if slot >= seen.count { seen.append(contentsOf: repeatElement(false, count: max(256, slot + 1 - seen.count))) }
    seen[slot] = true
    guard Issuance.ends(moment.subject), let node = lineage.find(moment.subject.credential) else { return }
    let name = moment.subject.name
    if holders[name] == nil, holders.count >= 200_000 { return }
    if let mint = lineage[node].mintRow {
      if holders[name]?.example == nil {
        holders[name, default: Holder()].example = moment.row
        holders[name]?.log = Survey.log(Moment(window[mint], mint, window))
      }
      holders[name]?.minted += 1
    } else if !lineage[node].mintSeen {
      holders[name, default: Holder()].missing += 1
    }
  }

  private static func slot(_ time: Int64) -> Int32 { Int32(truncatingIfNeeded: time / step) }

  /// A credential that somebody issued not long ago.
  static func ends(_ subject: Subject) -> Bool {
    guard subject.credential.isPresent, subject.name.isPresent else { return false }
    switch subject.credentialKind {
    case .stsSession, .boundJWT, .vaultToken: return true
    default: return false
    }
  }

  /// The log told of mints before, at and after a time: no file of it is missing there.
  func isUnbroken(_ log: UInt64, around time: Int64) -> Bool {
    guard let mints = mints[log] else { return false }
    let at = Issuance.slot(time)
    return (-1...1).allSatisfy { mints.contains(at + $0) }
  }
}
