import EventModel
import EventWindow

/// A service account of Kubernetes was deleted and made again: the name is the same, the uid is not. Who logs in elsewhere
/// with the old uid shows a token that the cluster no longer knows.
///
/// State: 60 B for each service account that was seen at work, at most ``limit``.
extension BindingMismatch {
  struct Account: Sendable {
    var uid: Symbol
    var deleted = Int64.max
    /// Uids that were replaced, the latest last, with the first row of the next one.
    var former: [(uid: Symbol, replaced: Int64, row: Row)] = []
  }

  /// A cluster's log names the account's uid with each use.
  mutating func learnAccount(_ moment: Moment, _ judgement: borrowing Judgement) {
    let subject = moment.subject
    guard subject.kind == .serviceAccount, subject.actor.isPresent, subject.actor != subject.name,
      subject.name.isPresent,
      moment.time != Timestamp.none
    else { return }
    guard var known = accounts[subject.name] else {
      if accounts.count < BindingMismatch.limit { accounts[subject.name] = Account(uid: subject.actor) }
      return
    }
    // Without a deletion in between it is the account of another cluster.
    guard known.uid != subject.actor, known.deleted < moment.time else { return }
    known.former.append((known.uid, moment.time, moment.row))
    if known.former.count > 4 { known.former.removeFirst() }
    known.uid = subject.actor
    known.deleted = Int64.max
    accounts[subject.name] = known
  }

  mutating func noteDeleted(_ moment: Moment) {
    guard moment.tookPlace, moment.time != Timestamp.none else { return }
    accounts[moment.event.target]?.deleted = moment.time
  }

  /// A login that names an account (detail `account`) and its uid (attestor `SA:…`).
  func judgeLogin(_ moment: Moment, _ judgement: inout Judgement) {
    guard moment.event.detailCount > 0, moment.time != Timestamp.none else { return }
    let attestor = judgement.bytes(moment.subject.attestor)
    guard attestor.starts(with: Array("SA:".utf8)) else { return }
    for detail in judgement.window.details(moment.event, at: moment.row)
    where judgement.text(detail.name) == "account" {
      guard let account = accounts[detail.value],
        let old = account.former.last(where: { judgement.bytes($0.uid).elementsEqual(attestor.dropFirst(3)) }),
        moment.time - old.replaced > accountGrace
      else { continue }
      // A chart makes its account anew with every release, and its last pods end later.
      let isFresh = moment.time - old.replaced < Timestamp.day
      report(
        moment, cause: attestor, isFresh || !moment.tookPlace ? .low : .medium, baseline: old.row,
        "its token is of the account \(judgement.text(detail.value)) as it was before it was deleted and made again",
        &judgement)
    }
  }
}
