import ArgumentParser
import EventModel
import Evidence
import Foundation
import PipelineRuntime
import Reporting

struct IdentitiesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "identities",
    abstract:
      "Every machine identity seen: kind, owner, first and last use, credentials, origins, services, scope, flags.",
    discussion: """
      Flags: human-login (logs in as a human would), long-lived-secret, no-attestation (none of its sessions was attested), \
      standing-privilege (power unused for 30 days of its data), no-owner, dormant (unused for 45 days), not-rotated \
      (a long-lived credential of more than 90 days or of unknown age).

      "learning until": detections that compare an identity with its own history (OS2, OS3, OS5) only learn it until it had 14 \
      active days of 30, or 500 events over three days; the day is the earliest one.

      Examples:
        bittern identities --flag not-rotated
        bittern identities --identity '*:role/deploy-*' --format csv > identities.csv
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case table, ndjson, csv }

  @OptionGroup var store: StoreOptions
  @OptionGroup var configuration: ConfigurationOptions
  @Option(help: "Only identities whose name or id fits this glob (* stands for any run).") var identity: String?
  @Option(help: "Only identities with this flag; may be given several times.") var flag: [String] = []
  @Flag(help: "People, the cloud's own services, root, anonymous and unknown callers too.") var all = false
  @Option(help: "table, ndjson or csv (default: table on a terminal, ndjson in a pipe).") var format: Format?
  @Flag(name: .shortAndLong, help: "No closing line.") var quiet = false

  func run() throws {
    let wanted = try flag.map(IdentitiesCommand.flag)
    let settings = try configuration.load()
    let opened = try store.open(.read, settings)
    let entries = try withStore { () throws(StoreError) in
      let (rows, sources) = (try opened.loadIdentities(), try opened.loadSources())
      return StoredInventory(
        identities: rows, credentials: try opened.loadCredentials(), sources: sources, configuration: settings,
        history: try StoredHistory(
          opened, names: rows.map { $0.name.isEmpty ? $0.id : $0.name }, sources: sources, identities: rows)
      ).entries(all: true)
    }
    let machines = entries.filter(\.isMachine)
    let listed = all ? entries : machines
    let glob = identity.map(Glob.init)
    let chosen = listed.filter { entry in
      wanted.allSatisfy(entry.flags.contains)
        && (glob.map { g in [entry.name, entry.id, entry.shortName].contains { g.matches($0) } } ?? true)
    }
    let format = format ?? (Terminal.isOutputTerminal ? .table : .ndjson)
    switch format {
    case .table: Terminal.output(IdentityTable(style: Terminal.style(STDOUT_FILENO)).render(chosen))
    case .ndjson: for entry in chosen { Terminal.output(entry.json.line) }
    case .csv:
      Terminal.output(IdentityCSV.header)
      for entry in chosen { Terminal.output(IdentityCSV.row(entry)) }
    }
    if !quiet, format == .table {
      Terminal.note(closing(chosen, of: listed.count, hidden: entries.count - listed.count))
    }
  }

  private static func flag(_ name: String) throws -> IdentityEntry.Flag {
    guard let flag = IdentityEntry.Flag(rawValue: name) else {
      throw RunError.usage(
        "no flag '\(name)'; known are \(IdentityEntry.Flag.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return flag
  }

  /// `12 identities (of 30): 3 no-owner, …`.
  private func closing(_ chosen: [IdentityEntry], of count: Int, hidden: Int) -> String {
    let counts = IdentityEntry.Flag.allCases.compactMap { flag -> String? in
      let n = chosen.count { $0.flags.contains(flag) }
      return n == 0 ? nil : "\(n) \(flag.rawValue)"
    }
    let some = chosen.count == count ? "" : " of \(count)"
    let noun = chosen.count == 1 ? "identity" : "identities"
    return "\(chosen.count)\(some) \(noun)"
      + (counts.isEmpty ? ", none with a flag." : ": \(counts.joined(separator: ", ")).")
      + (hidden > 0 ? " \(hidden) more that are no machines: --all" : "")
  }
}
