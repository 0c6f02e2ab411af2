import ArgumentParser
import Detection
import EventModel
import Evidence
import Foundation
import PipelineContent
import PipelineRuntime
import Reporting

struct ScopeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scope",
    abstract: "Declared scopes: learn them from history, check them against it, compare two files.",
    subcommands: [Learn.self, Check.self, Diff.self, From.self])

  struct Learn: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write a reviewable part of identities.yml from what each machine identity did.",
      discussion: """
        Services, actions, regions, accounts and an agent's tools, sorted, each with its count and last use as a comment. \
        Names are joined to a pattern only where many of one service begin alike. The same history gives the same bytes: \
        keep the file in git.
        """)
    @Option(help: "Only identities whose name matches this pattern (* stands for anything).") var identity: String?
    @Option(name: [.customShort("o"), .long], help: "File to write (default: standard output).") var output: String?
    @Flag(help: "Replace the file.") var force = false
    @OptionGroup var store: StoreOptions
    @OptionGroup var configuration: ConfigurationOptions

    func run() throws {
      let settings = try configuration.load()
      let opened = try store.open(.read, settings)
      let history = try ScopeCommand.history(opened)
      let terms = try ScopeCommand.terms(configuration.content(settings))
      let findings = try withStore { () throws(StoreError) in try opened.findings() }.map(\.finding)
      let scopes = LearnedScope.learn(
        history.rows, identities: history.identities, findings: findings, terms: terms,
        matching: identity.map(Glob.init))
      if scopes.isEmpty {
        throw RunError.usage(
          history.rows.isEmpty
            ? "\(opened.path) holds no history of identities; bittern scan LOGS fills it"
            : "no machine identity of \(opened.path) matches '\(identity ?? "*")'; bittern identities lists them")
      }
      let text = ScopeFile.text(scopes)
      do throws(ContentError) {
        _ = try Configuration.declarations(text: text, file: output ?? "(learned)")
      } catch { throw RunError.content(error) }
      if let output { try ScopeCommand.write(text, to: output, force: force) } else { Terminal.output(text) }
      Terminal.note(
        "\(scopes.count) machine identities, \(scopes.count { $0.isBroad }) of them broad. Fill in owner and purpose.")
    }
  }

  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "What a file of scopes would have flagged in the stored history.")
    @Argument(help: "An identities.yml or a bittern.yml.") var file: String
    @Option(help: "table or ndjson (default by whether stdout is a terminal).") var format: ListFormat?
    @OptionGroup var store: StoreOptions
    @OptionGroup var configuration: ConfigurationOptions

    func run() throws {
      let declarations = try ScopeCommand.declarations(file)
      let settings = try configuration.load()
      let history = try ScopeCommand.history(store.open(.read, settings))
      let check = ScopeCheck(
        declarations, history: history.rows, identities: history.identities,
        terms: try ScopeCommand.terms(configuration.content(settings)))
      for violation in check.violations {
        if format.chosen == .table {
          Terminal.output(ScopeText.line(violation))
        } else {
          Terminal.output(ScopeText.json(violation).line)
        }
      }
      for id in check.unseen {
        Terminal.note("bittern: " + EscapedText.terminal("nothing in the history matches '\(id)'"))
      }
      Terminal.note(
        "\(check.violations.count) kinds of act outside declared scopes; \(check.checked.count) identities checked, "
          + "\(check.undeclared.count) have no declared scope.")
    }
  }

  struct Diff: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "What was added, removed, widened and narrowed between two files.")
    @Argument(help: "The old file.") var old: String
    @Argument(help: "The new file.") var new: String
    @Option(help: "table or ndjson (default by whether stdout is a terminal).") var format: ListFormat?

    func run() throws {
      let diff = ScopeDiff(from: try ScopeCommand.declarations(old), to: try ScopeCommand.declarations(new))
      for change in diff.changes {
        if format.chosen == .table {
          Terminal.output(ScopeText.line(change))
        } else {
          Terminal.output(ScopeText.json(change).line)
        }
      }
      func count(_ kind: ScopeDiff.Kind) -> String { "\(diff.changes.count { $0.kind == kind }) \(kind.rawValue)" }
      Terminal.note([count(.added), count(.removed), count(.widened), count(.narrowed)].joined(separator: ", "))
    }
  }

  struct From: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Turn an AWS IAM policy (JSON) or Kubernetes roles and bindings (YAML) into scopes.")
    @Argument(help: "The policy or the roles; - for standard input.") var file: String
    @Option(help: "The identity that an IAM policy is attached to: its ARN.") var identity: String?
    @Option(name: [.customShort("o"), .long], help: "File to write (default: standard output).") var output: String?
    @Flag(help: "Replace the file.") var force = false

    func run() throws {
      let data =
        file == "-" ? FileHandle.standardInput.readDataToEndOfFile() : FileManager.default.contents(atPath: file)
      guard let data else { throw RunError.usage("\(file) cannot be read") }
      let imported: ScopeImport
      do throws(ContentError) {
        imported = try ScopeImport(String(decoding: data, as: UTF8.self), file: file, identity: identity)
        _ = try Configuration.declarations(text: imported.text, file: file)
      } catch { throw RunError.configuration(error) }
      for note in imported.notes { Terminal.note("bittern: " + EscapedText.terminal(note)) }
      if let output {
        try ScopeCommand.write(imported.text, to: output, force: force)
      } else {
        Terminal.output(imported.text)
      }
    }
  }

  static func declarations(_ file: String) throws -> [IdentityDeclaration] {
    do throws(ContentError) { return try Configuration.declarations(file: file) } catch {
      throw RunError.configuration(error)
    }
  }

  static func history(_ store: EvidenceStore) throws -> (rows: [ScopeRow], identities: [IdentityRow]) {
    try withStore { () throws(StoreError) in (try store.loadScope(), try store.loadIdentities()) }
  }

  static func terms(_ content: Content) throws -> ScopeTerms {
    do throws(DetectionError) {
      return try ScopeTerms(content.engine.definitions)
    } catch { throw RunError.content(ContentError(file: "pipelines/", reason: error.reason)) }
  }

  static func write(_ text: String, to path: String, force: Bool) throws {
    if !force, FileManager.default.fileExists(atPath: path) {
      throw RunError.usage("\(path) is there; --force replaces it")
    }
    do { try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic) } catch {
      throw RunError.usage("\(path) cannot be written")
    }
    Terminal.note("Wrote \(path).")
  }
}
