import EventModel
import Evidence
import Foundation
import PipelineContent
import PipelineRuntime
import Reporting
import Testing

/// `bittern init`: what it finds in the quickstart, and that what it writes loads, also with every comment taken away.
@Suite struct InitTests {
  private func look() throws -> Reconnaissance {
    var options = Scan.Options()
    options.inputs = [repository + "/samples/quickstart"]
    options.store = "/nowhere/bittern.sqlite"
    return try Scan(content: builtIn, options: options, stop: StopFlag()).reconnoitre()
  }

  @Test func logsAccountsAndSharedAddressesAreFound() throws {
    let found = try look()
    #expect(found.logs.map(\.name) == ["agent_tools", "aws_cloudtrail", "k8s_audit", "vault_audit"])
    #expect(found.accounts == ["111122223333", "444455556666", "777788889999"])
    #expect(found.shared.first?.networks == ["203.0.113.18/32"])
    #expect(found.shared.contains { $0.networks.count > 5 })
    // The thief's address is used by two stolen sessions: that is no pool.
    #expect(!found.shared.contains { $0.networks.contains("192.0.2.66/32") })
    #expect(found.machines.allSatisfy { $0.kind != "human" && $0.kind != "service" })
    #expect(found.report.unrecognised.contains { $0.path.hasSuffix("truth.json") })
  }

  @Test func theFilesLoadAsWrittenAndUncommented() throws {
    let scratch = try Scratch()
    var initial = InitialConfiguration()
    let found = try look()
    (initial.paths, initial.accounts, initial.machines) = (["logs \"a\""], found.accounts, found.machines)
    initial.unrecognised = ["a\nzones: [evil]"]
    initial.shared = found.shared.map {
      InitialConfiguration.SharedAddress(networks: $0.networks, sessions: $0.sessions, identities: $0.identities)
    }
    try scratch.write("identities.yml", Array(initial.identities.utf8))
    let file = try scratch.write("bittern.yml", Array(initial.bittern.utf8))
    let plain = try Configuration(file: file)
    #expect(plain.paths == ["logs \"a\""] && plain.detection.accounts.count == 3)
    #expect(plain.detection.zones.isEmpty && plain.detection.identities.isEmpty)

    try scratch.write("identities.yml", uncommented(initial.identities, after: "# identities:"))
    try scratch.write("bittern.yml", uncommented(initial.bittern, after: "# zones:"))
    let whole = try Configuration(file: file)
    #expect(whole.detection.zones.count == found.shared.count)
    #expect(whole.detection.identities.count == min(InitialConfiguration.listed, found.machines.count))
  }

  /// Takes one `# ` away from the block that starts at a line, up to the first that is no comment.
  private func uncommented(_ text: String, after start: String) -> [UInt8] {
    var inside = false
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      if line == start { inside = true }
      if !line.hasPrefix("#") { inside = false }
      return inside ? String(line.dropFirst(2)) : String(line)
    }
    return Array(lines.joined(separator: "\n").utf8)
  }
}
