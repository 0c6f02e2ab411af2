import EventModel
import Evidence

/// The first bittern.yml and identities.yml of a place, written for a person to go through.
///
/// Everything that would change what is found stands in comments, but for what the logs themselves prove: the paths, and the
/// accounts whose own trails lie there.
public struct InitialConfiguration: Sendable {
  public struct SharedAddress: Sendable {
    public var networks: [String]
    public var sessions: Int
    public var identities: [String]
    public init(networks: [String], sessions: Int, identities: [String]) {
      self.networks = networks
      self.sessions = sessions
      self.identities = identities
    }
  }

  public var paths: [String] = []
  /// One line each, e.g. `aws_cloudtrail: 6,898 events in 255 input(s), … to …`.
  public var logs: [String] = []
  public var unrecognised: [String] = []
  public var shared: [SharedAddress] = []
  public var accounts: [String] = []
  public var machines: [IdentityRow] = []
  public static let listed = 20

  public init() {}

  public var bittern: String {
    var lines = [
      "# Written by `bittern init`; yours from here on. `bittern check` says whether it holds.", "#", "# Recognised:",
    ]
    lines += logs.isEmpty ? ["#   nothing"] : logs.map { "#   " + comment($0) }
    if !unrecognised.isEmpty {
      lines.append("# Not recognised (a map can be drafted: bittern sources new NAME --from FILE):")
      lines += unrecognised.prefix(InitialConfiguration.listed).map { "#   " + comment($0) }
      let more = unrecognised.count - InitialConfiguration.listed
      if more > 0 { lines.append("#   and \(more) more") }
    }
    lines += ["", "# What `bittern scan` and `bittern watch` read when no path is named.", "paths:"]
    lines += paths.map { "  - " + quoted($0) }
    lines += ["", "# Where evidence is kept.", "# store: bittern.sqlite", ""]
    lines += zones + [""] + organization
    lines += [
      "", "# Who owns which machine identity, and what it may do. Candidates stand there as comments.",
      "identities: identities.yml", "", "# Own sources and detections, read after the built-in ones.",
      "# pipelines: [my-pipelines]", "", "# Detections that are off.", "# disable: []", "",
    ]
    return lines.joined(separator: "\n")
  }

  private var zones: [String] {
    var lines = [
      "# Named networks: NAT gateways, cluster egress, CI runners, offices, VPNs. An address inside a zone is one place; one",
      "# outside is another. Name only networks that are yours alone.",
    ]
    if shared.isEmpty { return lines + ["# zones:", "#   - {name: office, networks: [198.51.100.0/25]}"] }
    lines.append(
      "# Candidates: public addresses that several machine sessions share. A thief's address would look the same: check each."
    )
    lines.append("# zones:")
    for (n, place) in shared.prefix(InitialConfiguration.listed).enumerated() {
      let more = place.identities.count > 3 ? " and \(place.identities.count - 3) more" : ""
      lines.append(
        "#   # \(place.sessions) sessions: \(comment(place.identities.prefix(3).joined(separator: ", ")))\(more)")
      lines.append("#   - {name: egress-\(n + 1), networks: [\(place.networks.map(quoted).joined(separator: ", "))]}")
    }
    let rest = shared.count - InitialConfiguration.listed
    if rest > 0 { lines.append("#   # and \(rest) more") }
    return lines
  }

  private var organization: [String] {
    let why = "# Your own accounts: trust between them is not trust of an outsider."
    if accounts.isEmpty { return [why, "# organization: {accounts: [\"111122223333\"]}"] }
    return [
      why + " Seen: those whose own trail lies here. Add the others.",
      "organization: {accounts: [\(accounts.map(quoted).joined(separator: ", "))]}",
    ]
  }

  public var identities: String {
    var lines = [
      "# Machine identities: owner, purpose, what they may do. Written by `bittern init` from the busiest ones; take the # away",
      "# from those that you know. `match` holds globs over the name or id; * stands for any run.",
      "# kind: workload, ci, service_account, agent. status: active. scope: actions, services, regions, accounts, resources,",
      "# zones, tools, hours: what is not named is allowed. duties: rotator, secret-manager, scanner, backup, break-glass,",
      "# deployer, broker. `bittern identities --flag no-owner` lists who is missing.",
      "# identities:",
    ]
    var used: Set<String> = []
    for row in machines.prefix(InitialConfiguration.listed) {
      let name = row.name.isEmpty ? row.id : row.name
      let services = row.services.prefix(6).joined(separator: ", ")
      lines.append(
        "#   # \(row.events) events of \(comment(row.source))\(services.isEmpty ? "" : ": \(comment(services))")")
      lines.append("#   - id: \(quoted(unique(name, &used)))")
      lines.append("#     match: [\(quoted(literal(name)))]")
      lines.append("#     kind: \(quoted(row.kind == "role" || row.kind == "user" ? "workload" : row.kind))")
      lines.append("#     owner: team-?")
      lines.append("#     purpose: \"?\"")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The last part of a name, in characters that need no quotes, different from all before.
  private func unique(_ name: String, _ used: inout Set<String>) -> String {
    let tail = name.split(whereSeparator: { "/:".contains($0) }).last.map(String.init) ?? name
    let bytes = tail.lowercased().utf8.map { c in
      (c >= 0x30 && c <= 0x39) || (c >= 0x61 && c <= 0x7a) || c == 0x2d || c == 0x5f ? c : 0x2d
    }
    let base = String(decoding: bytes.prefix(60), as: UTF8.self)
    var id = base
    var n = 2
    while !used.insert(id).inserted {
      id = "\(base)-\(n)"
      n += 1
    }
    return id
  }

  /// A star of a name is no glob.
  private func literal(_ name: String) -> String {
    name.unicodeScalars.reduce(into: "") { $0 += $1 == "*" ? "\\*" : String($1) }
  }

  /// One line of a comment, safe to print.
  private func comment(_ text: String) -> String { EscapedText.terminal(text) }

  /// A double-quoted YAML text: JSON's strings are YAML's.
  private func quoted(_ text: String) -> String { JSONValue.text(text).string }
}
