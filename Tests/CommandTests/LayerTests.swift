import Foundation
import PipelineContent
import Testing

/// /etc/bittern/bittern.yml lies under ./bittern.yml: settings are replaced, what is declared adds up (product.md).
@Suite struct LayerTests {
  private func layers(_ texts: String...) throws -> Configuration {
    let scratch = try Scratch()
    let files = try texts.enumerated().map { try scratch.write("\($0)/bittern.yml", Array($1.utf8)) }
    return try Configuration(layers: files)
  }

  @Test func aLaterFileReplacesWhatItNamesAndNothingElse() throws {
    let site = "paths: [/var/log/audit]\nstore: /var/lib/bittern/s.sqlite\ndisable: [LL1]\n"
    let both = try layers(site, "store: here.sqlite\n")
    #expect(both.paths == ["/var/log/audit"] && both.store == "here.sqlite" && both.disabled == ["LL1"])
    #expect(both.file?.hasSuffix("1/bittern.yml") == true)
    #expect(try layers(site, "disable: []\n").disabled == [])
    #expect(try layers().store == nil)
  }

  @Test func declarationsAddUp() throws {
    let both = try layers(
      """
      zones: [{name: office, networks: [192.0.2.0/24]}, {name: nat, networks: [198.51.100.0/24]}]
      organization: {accounts: ['111122223333']}
      identities: [{id: ci, match: ['*:role/ci*'], owner: site}, {id: bot, match: ['bot'], owner: site}]
      """,
      """
      zones: [{name: nat, networks: [203.0.113.0/24]}]
      organization: {accounts: ['444455556666']}
      identities:
        - {id: ci, match: ['*:role/ci*'], owner: here, scope: {zones: [office]}}
      """)
    #expect(both.detection.accounts == ["111122223333", "444455556666"])
    #expect(both.detection.zones.map(\.name) == ["office", "nat"] && both.detection.zones[1].networks.count == 1)
    // The nearer declaration is asked first.
    #expect(both.detection.identities.map(\.id) == ["ci", "bot"])
    #expect(both.detection.identities.map(\.owner) == ["here", "site"])
  }

  @Test func aMistakeIsToldOfItsFile() throws {
    #expect { try layers("identities: [{id: a, match: [a], scope: {zones: [moon]}}]\n", "paths: [x]\n") } throws: {
      ($0 as? ContentError)?.file.hasSuffix("0/bittern.yml") == true
    }
  }
}
