import ArgumentParser
import EventModel
import Evidence
import Foundation
import PipelineRuntime
import Reporting

struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write an evidence bundle that can be verified without Bittern.",
    discussion: "Without a selection, everything in the store is exported.")

  @Argument(help: "A finding's id or its beginning.") var finding: String?
  @Option(help: "An incident's id.") var incident: String?
  @Option(help: "An identity's id or name.") var identity: String?
  @Option(help: "Findings last seen at or after this time.") var since: String?
  @Option(help: "Findings first seen before this time.") var until: String?
  @Option(name: [.customShort("o"), .long], help: "Directory to write (default: a name made of the case).") var output:
    String?
  @Option(help: "Private key (PEM, Ed25519) to sign with; see bittern keys new.") var sign: String?
  @Flag(help: "Replace a bundle that is there.") var force = false
  @OptionGroup var store: StoredOptions

  func run() throws {
    let opened = try store.open(.read)
    var bundle = EvidenceBundle(toolVersion: Bittern.version)
    bundle.force = force
    if let sign {
      do throws(KeyError) { bundle.signer = try SigningKey(file: sign) } catch {
        throw RunError.usage(error.description)
      }
    }
    let selection = try selected(opened)
    let path = try output ?? EvidenceBundle.suggestedName(selection, caseTime: newest(selection, opened))
    do throws(BundleError) {
      let receipt = try bundle.write(opened, selection, to: path)
      Terminal.note(
        "Wrote \(path): \(receipt.findings) finding(s), \(receipt.records) cited record(s), \(receipt.files) files.")
      if receipt.recordsWithoutBytes > 0 {
        Terminal.note("\(receipt.recordsWithoutBytes) cited record(s) could not be fetched; provenance.jsonl says why.")
      }
      Terminal.note("Verify with: bittern verify \(path)" + (receipt.isSigned ? " --key PUBLIC.pem" : ""))
      Terminal.output(path + "\n")
    } catch { throw RunError.usage(error.description) }
  }

  private func newest(_ selection: EvidenceSelection, _ store: EvidenceStore) throws -> Int64? {
    try withStore { () throws(StoreError) in try store.findings(selection.filter, evidence: false) }
      .map(\.finding.lastSeen).filter { $0 != Timestamp.none }.max()
  }

  private func selected(_ store: EvidenceStore) throws -> EvidenceSelection {
    if let finding { return .finding(try FindingsCommand.find(finding, store).finding.id) }
    if let incident { return .incident(incident) }
    if let identity { return .identity(identity) }
    if since != nil || until != nil { return .range(since: try time(since), until: try time(until)) }
    return .all
  }

  private func time(_ text: String?) throws -> Int64? {
    guard let text else { return nil }
    guard case .at(let time) = try TimeOption.parse(text) else {
      throw RunError.usage("'\(text)': write a full time here")
    }
    return time
  }
}

struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check a bundle offline: every file, every hash, and the signature against your key.")

  @Argument(help: "The bundle's directory.") var bundle: String
  @Option(help: "The signer's public key (PEM) that you got by another way.") var key: String?

  func run() throws {
    guard FileManager.default.fileExists(atPath: bundle) else {
      throw RunError.usage("\(bundle) is not there; name the directory that bittern export wrote")
    }
    var verifier = BundleVerifier()
    if let key {
      do throws(KeyError) { verifier.key = try VerifyingKey(file: key) } catch {
        throw RunError.usage(error.description)
      }
    }
    let report = verifier.verify(bundle)
    Terminal.output(report.text)
    if !report.passed { throw ExitCode(1) }
  }
}

struct KeysCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keys", abstract: "Make signing keys for evidence.", subcommands: [New.self])

  struct New: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write a new Ed25519 pair: PREFIX (private) and PREFIX.pub.")
    @Option(name: [.customShort("o"), .long], help: "Path prefix of the two files.") var output: String
    func run() throws {
      do throws(KeyError) { try KeyPair.generate(prefix: output) } catch { throw RunError.usage(error.description) }
      Terminal.note("Wrote \(output) (private, keep it) and \(output).pub (give it to verifiers).")
    }
  }
}
