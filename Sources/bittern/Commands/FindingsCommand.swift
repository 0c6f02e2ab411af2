import ArgumentParser
import EventModel
import Evidence
import Foundation
import PipelineRuntime
import Reporting

struct FindingsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "findings", abstract: "List findings or incidents, show or explain one, acknowledge or mute it.",
    subcommands: [List.self, IncidentsCommand.self, Show.self, Explain.self, Acknowledge.self, Mute.self, Unmute.self],
    defaultSubcommand: List.self)

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List findings of the store.")
    @OptionGroup var store: StoredOptions
    @OptionGroup var output: OutputOptions
    @Option(help: "Only this detection, e.g. TR1.") var detection: String?
    @Option(help: "Only this identity (id or name).") var identity: String?
    @Option(help: "Only this incident.") var incident: String?
    @Flag(help: "Acknowledged and muted ones too.") var all = false

    func run() throws {
      let opened = try store.open(.read)
      var filter = FindingFilter()
      filter.minimumSeverity = output.minimum.severity
      filter.detections = detection.map { [$0] } ?? []
      filter.identity = identity
      filter.incident = incident
      filter.now = Int64(Date().timeIntervalSince1970 * 1e9)
      if !all { filter.statuses = [.open] }
      let found = try withStore { () throws(StoreError) in try opened.findings(filter) }
      output.print(found.map(\.finding))
      if !output.quiet, output.chosen == .table {
        Terminal.note(found.isEmpty ? "No findings." : "\(found.count) finding(s). Show one: bittern findings show ID")
      }
      if output.failed(found.map(\.finding)) { throw ExitCode(1) }
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show one finding in full; the first digits of its id do.")
    @Argument(help: "Finding id or its beginning.") var id: String
    @OptionGroup var store: StoredOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
      let opened = try store.open(.read)
      let stored = try FindingsCommand.find(id, opened)
      if output.chosen == .table {
        var filter = FindingFilter()
        filter.incident = stored.finding.incident
        let others = try withStore { () throws(StoreError) in try opened.findings(filter, evidence: false) }
        let story = Incident.all(of: others.map(\.finding)).first?.title ?? ""
        Terminal.output(FindingDetail(style: Terminal.style(STDOUT_FILENO)).render(stored, story: story))
      } else {
        output.print([stored.finding])
      }
    }
  }

  struct Acknowledge: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "ack", abstract: "Acknowledge a finding.")
    @Argument(help: "Finding id or its beginning.") var id: String
    @Option(help: "Who answers for it.") var owner: String
    @Option(help: "Why.") var reason: String
    @OptionGroup var store: StoredOptions
    func run() throws { try FindingsCommand.annotate(id, store, .acknowledged, owner, reason, nil) }
  }

  struct Mute: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Mute a finding until a day.")
    @Argument(help: "Finding id or its beginning.") var id: String
    @Option(help: "Who answers for it.") var owner: String
    @Option(help: "Why.") var reason: String
    @Option(help: "Until when: 2027-01-31, or 30d from now.") var expires: String
    @OptionGroup var store: StoredOptions

    func run() throws {
      let now = Int64(Date().timeIntervalSince1970 * 1e9)
      let until: Int64
      switch try TimeOption.parse(expires) {
      case .at(let time): until = time
      case .beforeNewest(let span): until = now + span
      }
      if until <= now { throw RunError.usage("--expires lies in the past") }
      try FindingsCommand.annotate(id, store, .muted, owner, reason, until)
    }
  }

  struct Unmute: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Take a mute or an acknowledgement back.")
    @Argument(help: "Finding id or its beginning.") var id: String
    @OptionGroup var store: StoredOptions
    func run() throws { try FindingsCommand.annotate(id, store, .open, "", "taken back", nil) }
  }

  static func find(_ id: String, _ store: EvidenceStore) throws -> StoredFinding {
    switch try withStore({ () throws(StoreError) in try store.finding(idPrefix: id) }) {
    case .one(let stored): return stored
    case .none: throw RunError.usage("no finding begins with '\(id)'; bittern findings lists them")
    case .many(let ids):
      throw RunError.usage(
        "'\(id)' is the beginning of several: " + ids.map { String($0.prefix(16)) }.joined(separator: ", "))
    }
  }

  private static func annotate(
    _ id: String, _ options: StoredOptions, _ status: FindingStatus, _ owner: String, _ reason: String,
    _ expires: Int64?
  ) throws {
    let store = try options.open(.annotate)
    let stored = try find(id, store)
    let now = Int64(Date().timeIntervalSince1970 * 1e9)
    let state = FindingState(status: status, owner: owner, reason: reason, expires: expires, at: now)
    _ = try withStore { () throws(StoreError) in
      try store.annotate(stored.finding.id, state, actor: owner.isEmpty ? NSUserName() : owner)
    }
    Terminal.note("\(stored.finding.id.prefix(16)): \(status.rawValue)")
  }
}
