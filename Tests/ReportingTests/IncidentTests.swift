import EventModel
import Testing

@testable import Reporting

@Suite struct IncidentTests {
  private func finding(
    _ n: Int, _ name: String, _ title: String, _ severity: Severity = .high, minute: Int64, incident: String = "i-1"
  ) -> Finding {
    var f = sampleFinding(n, severity: severity)
    (f.identity.name, f.identity.id, f.title) = ("arn:aws:iam::111122223333:role/\(name)", name, title)
    (f.firstSeen, f.lastSeen) = (noon + minute * Timestamp.minute, noon + minute * Timestamp.minute)
    (f.incident, f.evidence) = (incident, [])
    return f
  }

  @Test func aTitleTellsWhoOverWhatChainAndHowFar() {
    var last = finding(3, "b", "role/b: made a key for user/x", .high, minute: 11)
    last.identity.tenant = "444455556666"
    let told = Incident.all(of: [
      last, finding(1, "a", "role/a: session used from 203.0.113.9", .high, minute: 0),
      finding(2, "a", "role/a: first time it becomes role/b", .critical, minute: 5),
      finding(4, "b", "role/b listed secrets", .low, minute: 12),
    ])
    #expect(told.count == 1)
    #expect(
      told[0].title
        == "role/a → role/b, within 12 min, in 2 tenants: session used from 203.0.113.9; then first time it becomes role/b; "
        + "then made a key for user/x")
    #expect(told[0].findings.map(\.title).first == "role/a: session used from 203.0.113.9")
  }

  @Test func oneFindingIsItsOwnStory() {
    let one = finding(1, "a", "role/a: did it", minute: 0)
    #expect(Incident.all(of: [one])[0].title == "role/a: did it")
  }

  @Test func incidentsThatShareAnIdentityOrAnAddressTouchWithinADay() {
    func at(_ address: String, _ f: Finding) -> Finding {
      var (f, citation) = (f, sampleCitation(.trigger, 1, f.firstSeen))
      citation.origin = address
      f.evidence = [citation]
      return f
    }
    let day: Int64 = 24 * 60
    func linked(_ findings: [Finding]) -> [String: [String]] {
      Dictionary(uniqueKeysWithValues: Incident.all(of: findings).map { ($0.id, $0.linked) })
    }
    // 8.8.8.8 is nobody's of these; what a log calls private or names otherwise links nothing.
    let shared = [
      at("8.8.8.8", finding(1, "a", "x", minute: 0, incident: "i-1")),
      at("8.8.8.8", finding(2, "b", "x", minute: 90, incident: "i-2")),
      at("10.0.0.4", finding(3, "c", "x", minute: 90, incident: "i-3")),
      at("10.0.0.4", finding(4, "d", "x", minute: 95, incident: "i-4")),
      finding(5, "a", "x", minute: day - 1, incident: "i-5"), finding(6, "a", "x", minute: 3 * day, incident: "i-6"),
    ]
    #expect(
      linked(shared) == ["i-1": ["i-2", "i-5"], "i-2": ["i-1"], "i-3": [], "i-4": [], "i-5": ["i-1"], "i-6": []])
    // An address of many is a gateway.
    let gateway = (0..<9).map { at("8.8.8.8", finding($0, "n\($0)", "x", minute: 0, incident: "g-\($0)")) }
    #expect(linked(gateway).values.allSatisfy { $0.isEmpty })
  }
}
