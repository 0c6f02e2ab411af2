import EventModel
import Evidence

/// Whether a credential, or anything that descends from it, still acted after a time.
public struct Containment: Sendable, Equatable {
  public enum Answer: String, Sendable { case yes, no, unknown }

  /// The last act of one credential after the time.
  public struct Act: Sendable, Equatable {
    public var credential: String
    public var holder: String
    public var kind: String
    public var action: String
    /// Nanoseconds since 1970.
    public var at: Int64
    /// The credential that was asked about, not one that it minted.
    public var isSubject: Bool
    public init(credential: String, holder: String, kind: String, action: String, at: Int64, isSubject: Bool) {
      self.credential = credential
      self.holder = holder
      self.kind = kind
      self.action = action
      self.at = at
      self.isSubject = isSubject
    }
  }

  public var since: Int64
  public var answer = Answer.unknown
  /// Credentials looked at: the one asked about and its descendants.
  public var credentials = 0
  /// Acts that took place, latest first; and attempts that did not, of credentials without such an act.
  public var acts: [Act] = []
  public var refused: [Act] = []
  /// The logs that show these credentials, and where each ends.
  public var logs: [(name: String, end: Int64?)] = []
  /// Why the answer is not known.
  public var reasons: [String] = []
  /// Credentials that are valid beyond the end of the logs, and until when at most; nil: nothing says.
  public var stillValid = 0

  public init(since: Int64) { self.since = since }

  public static func == (a: Containment, b: Containment) -> Bool { a.json == b.json }

  /// Plain sentences for a terminal, not escaped.
  public var lines: [String] {
    let time = Timestamp.text(since)
    var lines: [String] = []
    switch answer {
    case .yes: lines.append("NOT CONTAINED: of \(credentials) credential(s) \(acts.count) still acted after \(time).")
    case .no:
      lines.append("Contained: none of \(credentials) credential(s) acted after \(time), as far as the logs reach.")
    case .unknown: lines.append("UNKNOWN whether any of \(credentials) credential(s) acted after \(time).")
    }
    for act in acts.prefix(20) { lines.append("  acted: \(text(act))") }
    if acts.count > 20 { lines.append("  … and \(acts.count - 20) more") }
    for act in refused.prefix(20) { lines.append("  tried, and was refused or failed: \(text(act))") }
    if refused.count > 20 { lines.append("  … and \(refused.count - 20) more") }
    for reason in reasons { lines.append("  because \(reason)") }
    for log in logs { lines.append("  \(log.name) reaches \(log.end.map(Timestamp.text) ?? "no known time")") }
    if stillValid > 0, answer != .yes {
      lines.append("  \(stillValid) of them are not known to have expired before the logs end")
    }
    return lines
  }

  private func text(_ act: Act) -> String {
    let who = act.holder.isEmpty ? act.credential : "\(act.holder) with \(act.credential)"
    let what = act.action.isEmpty ? "" : " \(act.action)"
    return "\(who)\(act.kind.isEmpty ? "" : " (\(act.kind))")\(what), last at \(Timestamp.text(act.at))"
  }

  /// `{contained_since, still_acted, credentials, acts, refused, logs, reasons, still_valid}`.
  public var json: JSONValue {
    .object([
      "contained_since": .time(since), "still_acted": .text(answer.rawValue), "credentials": .int(Int64(credentials)),
      "acts": .array(acts.map(document)), "refused": .array(refused.map(document)), "reasons": .texts(reasons),
      "logs": .array(logs.map { .object(["log": .text($0.name), "ends": .time($0.end)]) }),
      "still_valid": .int(Int64(stillValid)),
    ])
  }

  private func document(_ act: Act) -> JSONValue {
    .object([
      "credential": .text(act.credential), "holder": .text(act.holder), "kind": .text(act.kind),
      "action": .text(act.action), "at": .time(act.at), "subject": .bool(act.isSubject),
    ])
  }
}
