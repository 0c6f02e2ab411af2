import ArgumentParser
import Evidence
import Foundation
import PipelineContent
import PipelineRuntime

/// Where the configuration comes from: defaults, /etc/bittern/bittern.yml, ./bittern.yml or a named file, the environment, flags.
struct SettingsOptions: ParsableArguments {
  @Option(help: "Configuration file in place of ./bittern.yml; /etc/bittern/bittern.yml, if there, is read before it.")
  var config: String?

  private static let site = "/etc/bittern/bittern.yml"

  func load() throws -> Configuration {
    let named = config ?? ProcessInfo.processInfo.environment["BITTERN_CONFIG"]
    let there = { (path: String) in FileManager.default.fileExists(atPath: path) }
    var layers = [SettingsOptions.site].filter { $0 != named && there($0) }
    if let named { layers.append(named) } else { layers += ["bittern.yml"].filter(there) }
    do throws(ContentError) { return try Configuration(layers: layers) } catch { throw RunError.configuration(error) }
  }
}

/// Configuration, and content for commands that judge.
struct ConfigurationOptions: ParsableArguments {
  @OptionGroup var settings: SettingsOptions

  @Option(help: "A folder laid out like pipelines/ that replaces the built-in content.")
  var pipelines: String?

  func load() throws -> Configuration { try settings.load() }

  func content(_ configuration: Configuration) throws -> Content {
    do throws(ContentError) {
      return try Content(
        configuration, replacing: pipelines ?? ProcessInfo.processInfo.environment["BITTERN_PIPELINES"])
    } catch { throw RunError.content(error) }
  }
}

/// Which store: the flag, else BITTERN_STORE, else what the configuration says. Every command finds it the same way.
struct StoreOptions: ParsableArguments {
  @Option(help: "The SQLite store (default: 'store' of bittern.yml, else bittern.sqlite in the working directory).")
  var store: String?

  func path(_ settings: Configuration) -> String {
    store ?? ProcessInfo.processInfo.environment["BITTERN_STORE"] ?? settings.store ?? "bittern.sqlite"
  }

  func open(_ purpose: EvidenceStore.Purpose, _ settings: Configuration) throws -> EvidenceStore {
    do throws(StoreError) {
      return try EvidenceStore.open(at: path(settings), for: purpose)
    } catch { throw RunError.store(error) }
  }
}

/// The store of commands that only read or annotate, and the configuration that may name it.
struct StoredOptions: ParsableArguments {
  @OptionGroup var store: StoreOptions
  @OptionGroup var settings: SettingsOptions

  func open(_ purpose: EvidenceStore.Purpose) throws -> EvidenceStore { try store.open(purpose, settings.load()) }
}

/// Runs something on the store and turns its errors into the process's.
func withStore<T>(_ body: () throws(StoreError) -> T) throws -> T {
  do throws(StoreError) { return try body() } catch { throw RunError.store(error) }
}
