import EventModel
import PipelineContent

/// Learned scopes as the text of an `identities.yml`: the same history gives the same bytes.
public enum ScopeFile {
  public static let head = """
    # What machine identities did, as scopes that allow just that. Made by `bittern scope learn` from the store's history.
    # Review each line, fill in owner and purpose, then name this file under `identities` in bittern.yml.
    # Behind a line: how often it was done (the most that one run counted) and the last day. Denied calls taught nothing.

    """

  public static func text(_ scopes: [LearnedScope]) -> String {
    head + (scopes.isEmpty ? "identities: []\n" : "identities:\n" + scopes.map(entry).joined())
  }

  private static func entry(_ s: LearnedScope) -> String {
    let days = Set([s.firstDay, s.lastDay]).sorted().filter { $0 > 0 }.map(day)
    let span = days.isEmpty ? "" : ", " + (days.count == 2 ? "\(days[0]) to \(days[1])" : days[0])
    var out = "  # \(s.sources.joined(separator: ", ")): \(s.count) \(s.count == 1 ? "act" : "acts")\(span)\n"
    out += "  - id: \(YAMLText.quoted(s.identity))\n"
    out += "    match: \(YAMLText.list([Glob.escaped(s.identity)]))\n"
    if !s.kind.isEmpty { out += "    kind: \(YAMLText.scalar(s.kind))\n" }
    out += "    owner: \(YAMLText.quoted(s.owner ?? ""))\(s.owner == nil ? "  # who answers for it" : "")\n"
    out += "    purpose: \"\"  # what it is for\n"
    if s.isEmpty { return out + "    # the log says nothing that a scope could name\n" }
    out += "    scope:\n"
    if s.isBroad { out += "      # too many actions to name each: broad, the services bound it\n" }
    for (name, entries) in [
      ("services", s.services), ("actions", s.actions), ("regions", s.regions), ("accounts", s.accounts),
      ("tools", s.tools),
    ] where !entries.isEmpty {
      out += "      \(name):\n"
      for entry in entries {
        let names = entry.names > 1 ? "\(entry.names) names, " : ""
        let last = entry.lastDay > 0 ? ", last \(day(entry.lastDay))" : ""
        out +=
          "        - \(YAMLText.quoted(entry.name))  # \(names)\(entry.count)\(last)\(entry.flag.map { "; review: \($0)" } ?? "")\n"
      }
    }
    return out
  }

  /// 2026-03-04 of days since 1970.
  static func day(_ day: Int32) -> String { String(Timestamp.text(Int64(day) * Timestamp.day).prefix(10)) }
}
