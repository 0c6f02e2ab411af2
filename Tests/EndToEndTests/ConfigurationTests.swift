import Foundation
import Testing

/// A mistake in a configuration is told with its file, line, column and what was probably meant; exit code 2.
@Suite struct ConfigurationTests {
  struct Mistake: Sendable {
    var yaml: String
    var words: [String]
  }

  static let mistakes: [Mistake] = [
    Mistake(
      yaml: "paths: [a]\nzoens:\n  - {name: a, networks: [10.0.0.0/8]}\n",
      words: [":2:1", "zoens", "did you mean 'zones'"]),
    Mistake(yaml: "zones:\n  - {name: a, network: [10.0.0.0/8]}\n", words: [":2:", "did you mean 'networks'"]),
    Mistake(yaml: "zones:\n  - {name: a, networks: [300.0.0.0/8]}\n", words: [":2:", "300.0.0.0/8"]),
    Mistake(yaml: "zones: {a: b\n", words: ["YAML"]),
    Mistake(yaml: "disable: [TR99]\n", words: ["TR99"]),
    Mistake(yaml: "identities: nowhere.yml\n", words: ["nowhere.yml"]),
    Mistake(yaml: "identities:\n  - {id: a, match: [a], scope: {}}\n", words: [":2:", "scope"]),
    Mistake(yaml: "identities:\n  - {id: a, match: [a], scope: {services: []}}\n", words: [":2:", "names nothing"]),
    Mistake(yaml: "identities:\n  - {id: a, match: []}\n", words: [":2:", "names nothing"]),
    Mistake(yaml: "identities:\n  - {id: a, match: [a], scope: {zones: [moon]}}\n", words: ["moon", "not declared"]),
    Mistake(yaml: "identities:\n  - {id: a, match: [a], duties: [rotater]}\n", words: ["did you mean 'rotator'"]),
    Mistake(yaml: "identities:\n  - {id: a, match: [a]}\n  - {id: a, match: [b]}\n", words: [":3:", "twice"]),
    Mistake(
      yaml: "identities:\n  - {id: a, match: [a], exceptions: [{detection: TR1, owner: o, reason: r}]}\n",
      words: [":2:", "expires"]),
    Mistake(yaml: "identities:\n  - {id: a, match: [a], scope: {hours: [25]}}\n", words: [":2:", "hours"]),
  ]

  @Test(arguments: mistakes) func isToldWithItsPlace(_ mistake: Mistake) throws {
    let scratch = try Scratch()
    let file = try scratch.write("bittern.yml", mistake.yaml)
    let outcome = try bittern([
      "scan", Program.malformed, "--config", file, "--store", scratch.path + "/store.sqlite",
    ])
    #expect(outcome.code == 2 || outcome.code == 3 && mistake.yaml.hasPrefix("disable"), "\(outcome.messages)")
    #expect(outcome.messages.contains(scratch.path))
    for word in mistake.words { #expect(outcome.messages.contains(word), "\(word): \(outcome.messages)") }
    #expect(!FileManager.default.fileExists(atPath: scratch.path + "/store.sqlite"))
  }

  /// The working directory's file is taken, a flag goes before it, the environment names another.
  @Test func theOrderOfPrecedence() throws {
    let scratch = try Scratch()
    try scratch.write("agent.ndjson", contents(Program.malformed + "/crlf-bom.ndjson"))
    try scratch.write("bittern.yml", "paths: [agent.ndjson]\nstore: from-file.sqlite\n")
    try scratch.write("wrong.yml", "pahts: []\n")
    #expect(try bittern(["scan"], in: scratch.path).code == 0)
    #expect(FileManager.default.fileExists(atPath: scratch.path + "/from-file.sqlite"))
    #expect(try bittern(["scan", "--store", "flag.sqlite"], in: scratch.path).code == 0)
    #expect(FileManager.default.fileExists(atPath: scratch.path + "/flag.sqlite"))
    #expect(try bittern(["scan"], in: scratch.path, environment: ["BITTERN_STORE": "environment.sqlite"]).code == 0)
    #expect(FileManager.default.fileExists(atPath: scratch.path + "/environment.sqlite"))
    #expect(try bittern(["scan"], in: scratch.path, environment: ["BITTERN_CONFIG": "wrong.yml"]).code == 2)
    #expect(try bittern(["scan", "--config", "wrong.yml"], in: scratch.path).code == 2)
  }

  /// Every command looks for the store where scan put it.
  @Test func everyCommandFindsTheStoreOfTheConfiguration() throws {
    let scratch = try Scratch()
    try scratch.write(
      "agent.ndjson",
      #"{"time":"2026-03-17T10:00:00Z","session":"s","seq":1,"agent":"bot","tool":"shell.run","args":{"command":"cat /root/.aws/credentials"},"call_id":"c1"}"#
        + "\n")
    try scratch.write("bittern.yml", "paths: [agent.ndjson]\nstore: from-file.sqlite\n")
    let id = try #require(try bittern(["scan"], in: scratch.path).lines.first?["id"] as? String)
    for command in [
      ["findings"], ["findings", "show", id], ["findings", "explain", id], ["status"], ["identities"],
      ["lineage", "bot"], ["export", "-o", "bag"], ["scope", "learn"],
      ["findings", "ack", id, "--owner", "ann", "--reason", "a test"], ["findings", "unmute", id],
      ["findings", "mute", id, "--owner", "ann", "--reason", "a test", "--expires", "30d"],
    ] {
      let outcome = try bittern(command, in: scratch.path)
      #expect(!outcome.messages.contains("there is no store"), "\(command): \(outcome.messages)")
      #expect(
        outcome.code == 0 || command[0] == "lineage" && outcome.messages.contains("from-file.sqlite"), "\(command)")
    }
    #expect(try bittern(["status", "--config", "bittern.yml"], in: scratch.path).code == 0)
    #expect(try bittern(["status", "--store", "other.sqlite"], in: scratch.path).messages.contains("other.sqlite"))
    #expect(!FileManager.default.fileExists(atPath: scratch.path + "/bittern.sqlite"))
  }

  /// A folder that is scanned may hold anything; it does not configure whoever scans it (semantics.md 21).
  @Test func aScannedFolderConfiguresNothing() throws {
    let scratch = try Scratch()
    try scratch.write("logs/agent.ndjson", contents(Program.malformed + "/crlf-bom.ndjson"))
    try scratch.write("logs/bittern.yml", "no: configuration\n")
    #expect(try bittern(["scan", scratch.path + "/logs", "--store", scratch.path + "/s.sqlite"]).code == 0)
  }

  @Test func globsNameFiles() throws {
    let scratch = try Scratch()
    let log = contents(Program.malformed + "/crlf-bom.ndjson")
    for name in ["a/one.ndjson", "a/two.ndjson", "a/b/three.ndjson", "a/four.txt"] {
      let stamped = Data(log).split(separator: 0x0a).map { Array($0) }.joined(separator: [0x0a])
      try scratch.write(name, Array(stamped) + Array("\n\"\(name)\"\n".utf8))
    }
    func inputs(_ pattern: String, _ store: String) throws -> [String] {
      let outcome = try bittern(["scan", scratch.path + pattern, "--store", scratch.path + "/\(store).sqlite"])
      #expect(outcome.code == 0, "\(outcome.messages)")
      let status = try bittern(["status", "--store", scratch.path + "/\(store).sqlite", "--format", "ndjson"])
      return status.lines.compactMap { ($0["path"] as? String)?.replacingOccurrences(of: scratch.path + "/", with: "") }
        .sorted()
    }
    #expect(try inputs("/a/*.ndjson", "1") == ["a/one.ndjson", "a/two.ndjson"])
    #expect(try inputs("/a/**/*.ndjson", "2") == ["a/b/three.ndjson", "a/one.ndjson", "a/two.ndjson"])
    #expect(try inputs("/a/[ot]*", "3") == ["a/one.ndjson", "a/two.ndjson"])
    #expect(try inputs("/a", "4").count == 4)
  }
}
