import ArgumentParser
import Foundation
import PipelineRuntime

/// The command line. Each subcommand is a file of its own in Commands/.
@main struct Bittern: ParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "bittern",
    abstract: "Finds misuse of machine identities in audit logs that already exist.",
    discussion: """
      Reads the audit logs of clouds, clusters, secret stores, SaaS and agent gateways, works out which credential \
      minted which, and says when a machine identity is not where, or not what, it was issued for. Evidence lies in one SQLite file.

      Start with: bittern scan LOGS
      """,
    version: version,
    subcommands: [
      ScanCommand.self, WatchCommand.self, FindingsCommand.self, LineageCommand.self, IdentitiesCommand.self,
      StatusCommand.self, ExportCommand.self, VerifyCommand.self, KeysCommand.self, CheckCommand.self,
      EvaluateCommand.self, ScopeCommand.self, SourcesCommand.self, InitCommand.self,
    ])

  /// Runs a command and ends the process with the exit code of product.md: argument-parser's 64 is 2 here.
  static func main() {
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch let error as RunError {
      Terminal.error(error.description)
      Foundation.exit(error.exitCode)
    } catch let code as ExitCode {
      Foundation.exit(code.rawValue)
    } catch {
      let code = exitCode(for: error)
      if code == .validationFailure {
        Terminal.error(fullMessage(for: error), labelled: false)
        Foundation.exit(2)
      }
      exit(withError: error)
    }
  }
}
