import ArgumentParser
import Evidence
import Foundation
import PipelineContent
import PipelineRuntime

/// Where the configuration comes from: defaults, /etc/bittern/bittern.yml, ./bittern.yml, the environment, flags.
struct ConfigurationOptions: ParsableArguments {
  @Option(help: "Configuration file (default: ./bittern.yml, else /etc/bittern/bittern.yml, where present).")
  var config: String?

  @Option(help: "A folder laid out like pipelines/ that replaces the built-in content.")
  var pipelines: String?

  func load() throws -> Configuration {
    let environment = ProcessInfo.processInfo.environment
    let candidates = ["bittern.yml", "/etc/bittern/bittern.yml"]
    let file =
      config ?? environment["BITTERN_CONFIG"] ?? candidates.first { FileManager.default.fileExists(atPath: $0) }
    do throws(ContentError) {
      return try file.map { f throws(ContentError) in try Configuration(file: f) } ?? Configuration()
    } catch { throw RunError.configuration(error) }
  }

  func content(_ configuration: Configuration) throws -> Content {
    do throws(ContentError) {
      return try Content(
        configuration, replacing: pipelines ?? ProcessInfo.processInfo.environment["BITTERN_PIPELINES"])
    } catch { throw RunError.content(error) }
  }
}

/// The store of commands that only read or annotate.
struct StoreOptions: ParsableArguments {
  @Option(help: "The SQLite store (default: bittern.sqlite in the working directory).")
  var store: String?

  var path: String { store ?? ProcessInfo.processInfo.environment["BITTERN_STORE"] ?? "bittern.sqlite" }

  /// With what a configuration says, which the environment and the flag go before.
  func path(_ settings: Configuration) -> String {
    store ?? ProcessInfo.processInfo.environment["BITTERN_STORE"] ?? settings.store ?? path
  }

  func open(_ purpose: EvidenceStore.Purpose) throws -> EvidenceStore {
    do throws(StoreError) {
      return try EvidenceStore.open(at: path, for: purpose)
    } catch { throw RunError.store(error) }
  }
}

/// Runs something on the store and turns its errors into the process's.
func withStore<T>(_ body: () throws(StoreError) -> T) throws -> T {
  do throws(StoreError) { return try body() } catch { throw RunError.store(error) }
}
