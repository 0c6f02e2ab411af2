import EventModel
import EventWindow

/// The forms that count what was read within minutes, and what is usual for the reader.
extension SecretSweep {
  mutating func judgeReads(
    _ moment: Moment, _ key: [UInt8], _ inCluster: Bool, _ reader: Reader, _ profile: Judgement.Profile,
    _ judgement: inout Judgement
  ) {
    let isToken = moment.subject.credentialKind == .vaultToken
    let span = isToken ? tokenSpan : sweepSpan
    let recent = reader.reads.filter { moment.time - $0.time <= span }
    let count = recent.count
    remember(count, key, moment, &judgement)
    if count >= (isToken ? tokenCount : sweepCount) {
      report(
        "sweep", moment, key, recent, reader, base, profile,
        seen: "asked for \(count) distinct secrets within \(span / Timestamp.minute) minutes",
        threshold: "\(isToken ? tokenCount : sweepCount) distinct secrets within \(span / Timestamp.minute) minutes",
        &judgement)
      return
    }
    if inCluster {
      let namespaces = Set(recent.map(\.namespace))
      if namespaces.count >= namespaceCount {
        judgeNamespaces(moment, key, recent, namespaces.count, reader, profile, &judgement)
      }
    }
    let afterList = recent.filter { $0.time >= reader.listed }
    if reader.listed != Int64.min, moment.time - reader.listed <= listSpan, afterList.count >= listCount {
      report(
        "listed", moment, key, afterList, reader, base, profile,
        seen:
          "listed the secrets and asked for \(afterList.count) of them within \(listSpan / Timestamp.minute) minutes",
        threshold: "a listing and \(listCount) distinct reads within \(listSpan / Timestamp.minute) minutes", &judgement
      )
    }
  }

  private func judgeNamespaces(
    _ moment: Moment, _ key: [UInt8], _ recent: [Read], _ count: Int, _ reader: Reader, _ profile: Judgement.Profile,
    _ judgement: inout Judgement
  ) {
    report(
      "namespaces", moment, key, recent, reader, history(moment, judgement) ? base : .medium, profile,
      seen: "asked for secrets of \(count) namespaces within \(sweepSpan / Timestamp.minute) minutes",
      threshold: "secrets of \(namespaceCount) namespaces by an identity that did not do so on earlier days", &judgement
    )
  }

  func judgeUserData(
    _ moment: Moment, _ key: [UInt8], _ reader: Reader, _ profile: Judgement.Profile, _ judgement: inout Judgement
  ) {
    report(
      "user-data", moment, key, reader.userData, reader, base, profile,
      seen:
        "asked for the start-up data of \(reader.userData.count) instances within \(sweepSpan / Timestamp.minute) minutes",
      threshold: "\(instanceCount) instances within \(sweepSpan / Timestamp.minute) minutes", &judgement)
  }

  private func habit(_ level: Int, _ key: [UInt8], _ judgement: borrowing Judgement) -> UInt64 {
    judgement.memory.key([Array("secrets".utf8), Array("\(level)".utf8), key])
  }

  private func remember(_ count: Int, _ key: [UInt8], _ moment: Moment, _ judgement: inout Judgement) {
    for level in SecretSweep.levels where count >= level {
      judgement.memory.remember(habit(level, key, judgement), on: moment.day)
    }
  }

  /// The most distinct secrets in five minutes that at least two of the last thirty days had; 0 none.
  func usual(_ key: [UInt8], _ moment: Moment, _ count: Int, _ judgement: borrowing Judgement) -> Int {
    var usual = 0
    for level in SecretSweep.levels {
      let known = judgement.memory.recall(habit(level, key, judgement), on: moment.day)
      guard known.days >= (level <= count ? 3 : 2) else { break }
      usual = level
    }
    return usual
  }
}
