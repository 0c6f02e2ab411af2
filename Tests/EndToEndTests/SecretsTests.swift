import EventModel
import Foundation
import PipelineRuntime
import Testing

/// What a log holds of secrets, and what its writer may put into it to fool a terminal, reaches nobody.
@Suite struct SecretsTests {
  /// The session tokens of the quickstart's mints carry this word.
  @Test func noSessionTokenLeavesTheLog() throws {
    #expect(RecordPool.whole.cloudTrail.contains { $0.contains("EXAMPLETOKEN") })
    let scratch = try Scratch()
    let store = scratch.path + "/state/store.sqlite"
    try scratch.write("state/.keep", "")
    let printed = try bittern([
      "scan", Program.quickstart, "--config", Program.quickstartConfiguration, "--store",
      scratch.path + "/state/binary.sqlite",
    ])
    #expect(printed.code == 0 && !printed.output.isEmpty)
    #expect(!printed.output.contains("EXAMPLETOKEN") && !printed.errors.contains("EXAMPLETOKEN"))
    for format in ["table", "csv", "ocsf"] {
      let outcome = try bittern(["findings", "--store", scratch.path + "/state/binary.sqlite", "--format", format])
      #expect(!outcome.output.isEmpty && !outcome.output.contains("EXAMPLETOKEN"))
    }
    let report = try scan([Program.quickstart], store: store)
    // A mint's record is cited, so that there was something to redact.
    let minted = report.allFindings.flatMap(\.evidence).filter { $0.action.hasPrefix("sts:AssumeRole") }
    #expect(!minted.isEmpty)
    #expect(try bittern(["export", "--store", store, "-o", scratch.path + "/bundle"]).code == 0)
    for file in scratch.files(below: "state") + scratch.files(below: "bundle") {
      #expect(!file.bytes.contains("EXAMPLETOKEN"), "\(file.path)")
    }
    for id in report.allFindings.map(\.id).prefix(3) {
      #expect(
        try !bittern(["findings", "show", id, "--store", store, "--format", "table"]).output.contains("EXAMPLETOKEN"))
    }
  }

  static let canaries = [
    "AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMIK7MDENGbPxRfiCYCANARYKEY", "postgresql://app:CANARYKEY-pass@db/x",
    "hvs.CAESICANARYCANARYCANARYCANARYCANARYCANARY",
    "ghp_CANARYcanaryCANARYcanaryCANARYcanary12",
    "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJDQU5BUlkifQ.Q0FOQVJZc2lnbmF0dXJlQ0FOQVJZ",
    "-----BEGIN PRIVATE KEY-----\\nMC4CANARYCANARYCANARY\\n-----END PRIVATE KEY-----",
  ]

  /// Secrets in the arguments of an agent's call that a finding cites.
  @Test(arguments: canaries) func noSecretOfAnArgumentIsKept(secret: String) throws {
    let scratch = try Scratch()
    let log = try scratch.write(
      "agent.ndjson",
      #"{"time":"2026-03-17T10:00:00Z","session":"s","seq":1,"agent":"bot","tool":"shell.run","args":{"command":"cat /root/.aws/credentials","token":"\#(secret)","note":"use \#(secret) here"},"call_id":"c1"}"#
        + "\n")
    let store = scratch.path + "/state/store.sqlite"
    try scratch.write("state/.keep", "")
    let outcome = try bittern(["scan", log, "--store", store])
    #expect(outcome.code == 0 && outcome.findings.count == 1, "\(outcome.messages)")
    #expect(try bittern(["export", "--store", store, "-o", scratch.path + "/bundle"]).code == 0)
    let marks = ["CANARYKEY", "CANARYCANARY", "CANARYcanary", "Q0FOQVJZ"].filter { secret.contains($0) }
    #expect(!marks.isEmpty)
    for mark in marks {
      #expect(!outcome.output.contains(mark))
      for file in scratch.files(below: "state") + scratch.files(below: "bundle") {
        #expect(!file.bytes.contains(mark), "\(mark) in \(file.path)")
      }
    }
  }

  /// What a hostile writer may put into names: ESC, OSC 8 and 52, C1, bidi, line ends, zero width.
  static let hostile = #"bot\u001b]0;owned\u0007\u001b[2J\u009b31m\u202egnp\u2066\u200b\r\n\tx\u007f"#

  private func expectClean(_ bytes: [UInt8], _ what: String) {
    let text = String(decoding: bytes, as: UTF8.self)
    for scalar in text.unicodeScalars {
      let v = scalar.value
      let isBad =
        (v < 0x20 && v != 0x0a && v != 0x09) || (v >= 0x7f && v < 0xa0) || (0x202a...0x202e).contains(v)
        || (0x2066...0x2069).contains(v) || v == 0x200b
      if isBad {
        Issue.record(
          "U+\(String(v, radix: 16)) in \(what): \(text.unicodeScalars.map { $0.escaped(asASCII: true) }.joined())")
        return
      }
    }
  }

  @Test func noControlByteReachesATerminal() throws {
    let scratch = try Scratch()
    let line =
      #"{"time":"2026-03-17T10:00:00Z","session":"s-\#(Self.hostile)","seq":1,"agent":"\#(Self.hostile)","tool":"shell.run\#(Self.hostile)","args":{"command":"cat /root/.aws/credentials"},"call_id":"c-\#(Self.hostile)","user_agent":"\#(Self.hostile)","source_ip":"\#(Self.hostile)","server":"\#(Self.hostile)","on_behalf_of":"\#(Self.hostile)"}"#
    try scratch.write("logs/agent\u{1b}[31m\n\u{202e}.ndjson", line + "\n" + line.dropLast(40) + "\n")
    try scratch.write("logs/notes\u{1b}]0;x\u{7}\n.txt", #"{"\u001b[2Jkey":1}"# + "\n")
    let store = scratch.path + "/store.sqlite"
    let plain = ["NO_COLOR": "1"]
    let first = try bittern(
      ["scan", scratch.path + "/logs", "--store", store, "--format", "table"], environment: plain)
    #expect(first.code == 4, "\(first.messages)")
    #expect(first.text.contains("OS16"))
    #expect(first.text.contains("\\x1b"), "the name is shown, with its controls written out: \(first.text)")
    expectClean(first.output, "scan")
    expectClean(first.errors, "the summary")
    for format in ["ndjson", "csv", "ocsf", "table"] {
      let outcome = try bittern(["findings", "--store", store, "--format", format], environment: plain)
      #expect(!outcome.output.isEmpty)
      expectClean(outcome.output.filter { format != "csv" || $0 != 0x0d }, "findings --format \(format)")
    }
    let id = try #require(try bittern(["findings", "--store", store]).findings.keys.first)
    for arguments in [
      ["findings", "show", id, "--format", "table"], ["status", "--format", "table"], ["status", "--format", "ndjson"],
      ["lineage", id, "--format", "table"], ["lineage", id, "--format", "ndjson"],
    ] {
      let outcome = try bittern(arguments + ["--store", store], environment: plain)
      #expect(outcome.code == 0, "\(arguments): \(outcome.messages)")
      expectClean(outcome.output, arguments.joined(separator: " "))
      expectClean(outcome.errors, arguments.joined(separator: " "))
    }
    // Names of files in messages of every kind.
    let missing = try bittern(["scan", "/no/such\u{1b}[31m\u{202e}", "--store", store])
    #expect(missing.code == 2)
    expectClean(missing.errors, "a missing path")
    expectClean(try bittern(["findings", "--store", "/no/such\u{1b}[31m"]).errors, "a missing store")
    expectClean(try bittern(["findings", "show", "\u{1b}[31m", "--store", store]).errors, "an id that is none")
    expectClean(try bittern(["scan", "--\u{1b}[31mx"]).errors, "an unknown option")
  }

  /// Behind a real terminal the only escapes are the program's own colours.
  @Test func aTerminalGetsColoursAndNothingElse() throws {
    guard Program.has("script") else { return }
    let scratch = try Scratch()
    let line =
      #"{"time":"2026-03-17T10:00:00Z","session":"s","seq":1,"agent":"\#(Self.hostile)","tool":"shell.run","args":{"command":"cat /root/.aws/credentials"},"call_id":"c"}"#
    let log = try scratch.write("agent.ndjson", line + "\n")
    let shell = "'\(Program.bittern)' scan '\(log)' --store '\(scratch.path)/store.sqlite' 2> /dev/null"
    let outcome = try run(
      ["script", "-qec", shell, "/dev/null"], in: "/", environment: ["TERM": "xterm-256color", "NO_COLOR": "1"])
    #expect(outcome.text.contains("OS16"), "\(outcome.text)")
    expectClean(outcome.output.filter { $0 != 0x0d }, "a terminal without colours")
    let coloured = try run(
      ["script", "-qec", shell.replacingOccurrences(of: "store.sqlite", with: "other.sqlite"), "/dev/null"], in: "/",
      environment: ["TERM": "xterm-256color", "NO_COLOR": ""])
    let rest = coloured.text.replacing(/\u{1b}\[[0-9;]*m/, with: "")
    expectClean(Array(rest.utf8).filter { $0 != 0x0d }, "a terminal with colours")
  }
}
