import ArgumentParser
import Evidence
import Foundation
import PipelineContent
import PipelineRuntime
import Reporting

extension SourcesCommand {
  struct New: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Draft a source folder for a log that nothing recognises, from samples of it.",
      discussion: """
        Guesses time, actor, action, address, outcome, ids and resource from key names and the forms of values, writes \
        source.yml with a comment at every guess, a fixture of the first records (recognised secrets replaced) with the rows \
        they give, and a README; then runs it and prints the rows. The folder loads as it is; correct it, and run \
        bittern check DIR.

        Example:
          bittern sources new build_farm --from farm-audit.ndjson.gz --into my-pipelines
        """)

    @Argument(help: "Name of the new source: small letters, digits and _.") var name: String
    @Option(help: "A file with samples: NDJSON, an array, documents; gzip too.") var from: String
    @Option(help: "The content folder to write into, at sources/NAME.") var into = "pipelines"
    @Flag(help: "Replace the source folder if it is there.") var force = false
    @Flag(name: .shortAndLong, help: "Print nothing but the rows and errors.") var quiet = false
    @Option(help: "table or ndjson: how the rows are printed (default by whether stdout is a terminal).") var format:
      Format?
    @OptionGroup var configuration: ConfigurationOptions

    func validate() throws {
      let isName = name.utf8.allSatisfy { $0 >= 0x61 && $0 <= 0x7a || $0 >= 0x30 && $0 <= 0x39 || $0 == 0x5f }
      guard isName, let first = name.utf8.first, first >= 0x61, name.utf8.count <= 40 else {
        throw ValidationError("a source is named with small letters, digits and _ (build_farm), not '\(name)'")
      }
    }

    func run() throws {
      let settings = try configuration.load()
      let content = try configuration.content(settings)
      let folder = into + "/sources/" + name
      let exists = FileManager.default.fileExists(atPath: folder)
      if exists, !force {
        throw RunError.usage("\(folder) is there; --force replaces its source.yml, README and first fixture")
      }
      if !exists, content.sources.contains(where: { $0.name == name }) {
        throw RunError.usage("a source '\(name)' is there already; bittern sources show \(name)")
      }
      let samples = try SampleRecords(file: from, known: content.sources.flatMap(\.envelopes))
      let (records, known) = SourceDraft.unknown(samples.records, in: content)
      for (source, n) in known.sorted(by: { $0.key < $1.key }) where !quiet {
        Terminal.note("\(n) record(s) of \(from) are of \(source) and read already; the draft is for the others.")
      }
      if records.isEmpty {
        throw RunError.usage("every record of \(from) is read already; bittern sources show \(known.keys.sorted()[0])")
      }
      let trial: SourceDraft.Trial
      do throws(ContentError) {
        trial = try SourceDraft(name: name, records: records, envelope: samples.envelope).trial(in: content)
      } catch { throw RunError.content(error) }
      for file in trial.files { try FileOutput.write(file.bytes, to: folder + "/" + file.path) }
      show(trial, of: records.count, folder)
    }

    private func show(_ trial: SourceDraft.Trial, of samples: Int, _ folder: String) {
      for (n, row) in trial.rows.enumerated() {
        if (format ?? .standard) == .ndjson {
          let members = Dictionary(row.fields.map { ($0.name, JSONValue.text($0.value)) }) { first, _ in first }
          Terminal.output(JSONValue.object(members).line)
        } else {
          Terminal.output((n == 0 ? "" : "\n") + "record \(n + 1)\n")
          for field in row.fields {
            let space = String(repeating: " ", count: max(1, 18 - field.name.utf8.count))
            Terminal.output("  \(field.name)\(space)\(EscapedText.terminal(field.value))\n")
          }
        }
      }
      if quiet { return }
      Terminal.note(
        "\nWrote \(folder) (source.yml, README.md, fixtures/first): it reads \(trial.accepted) of \(samples) sample(s)."
      )
      for doubt in trial.doubts { Terminal.note(EscapedText.terminal("  check: " + doubt)) }
      Terminal.note("Correct \(folder)/source.yml, then: bittern check \(into)")
      Terminal.note("Use it: add `pipelines: [\(into)]` to bittern.yml")
    }
  }
}

/// Files that commands write for people to edit.
enum FileOutput {
  /// Makes the folders above; replaces the file as a whole.
  static func write(_ bytes: [UInt8], to path: String) throws {
    let folder = path.contains("/") ? String(path[..<path.lastIndex(of: "/")!]) : "."
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw RunError.usage("\(path) cannot be written: \(error.localizedDescription)")
    }
  }
}
