import EventModel
import Evidence
import Testing

@testable import Reporting

/// Values that an attacker would put into a log to be shown by this program.
let hostile = [
  "\u{1b}[2J\u{1b}]0;owned\u{7}", "\u{1b}]8;;http://evil\u{1b}\\link\u{1b}]8;;\u{1b}\\", "\u{1b}]52;c;Y3VybA==\u{7}",
  "a\u{9b}31mred",
  "user\u{202e}gpj.exe", "\u{2066}x\u{2069}", "zero\u{200b}width\u{feff}\u{2060}", "a\r\nb\tc\u{b}\u{c}\u{0}",
  "\u{7f}\u{85}\u{90}",
  "e\u{301}\u{302}\u{303}\u{304}", "\"\u{301},\"", "=cmd|'/C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1",
  " =1", "\"=1",
  "'=1", "\u{ff1d}1", "\u{ff0b}1", "<script>alert(1)</script>", "\"onload='x'`", "&lt;", "../../etc/passwd", "%00",
  "\u{e0041}\u{fe0f}", "\u{fff9}",
  "{\"a\":\n1}", "\u{2028}\u{2029}", "\\x1b", "\u{1f468}\u{200d}\u{1f469}", String(repeating: "w", count: 5000),
  "名前が長い" + String(repeating: "界", count: 300), "",
]

/// No byte that a terminal acts on, no scalar that hides or turns text (reliability.md S01).
func isSafe(_ text: String, ansi: Bool = false) -> Bool {
  text.unicodeScalars.allSatisfy { s in
    let v = s.value
    if v == 0x0a || (ansi && v == 0x1b) { return true }
    return v >= 0x20 && !(v >= 0x7f && v < 0xa0) && !(v >= 0x202a && v <= 0x202e) && !(v >= 0x2066 && v <= 0x2069)
      && !(v >= 0x200b && v <= 0x200f) && v != 0xfeff && v != 0x2060
  }
}

func hostileFinding(_ text: String) -> Finding {
  var f = sampleFinding(1)
  (f.id, f.detection, f.name, f.title, f.summary, f.incident) = (text, text, text, text, text, text)
  (f.identity.id, f.identity.name, f.identity.kind, f.identity.owner) = (text, text, text, text)
  (f.identity.source, f.identity.tenant, f.credential.id, f.credential.kind) = (text, text, text, text)
  f.attack = [text]
  f.explanation.state = [(text, text)]
  (f.explanation.expected, f.explanation.seen, f.explanation.threshold, f.explanation.guards) = (
    text, text, text, [text]
  )
  f.lineage = [Finding.Edge(from: text, to: text, mechanism: text, grade: .exact, joinedOn: [text])]
  for i in f.evidence.indices {
    (f.evidence[i].eventID, f.evidence[i].action, f.evidence[i].origin) = (text, text, text)
    (f.evidence[i].file, f.evidence[i].source, f.evidence[i].outcome) = (text, text, text)
  }
  return f
}

@Suite struct EscapedTextTests {
  @Test func whatIsHiddenIsShown() {
    #expect(EscapedText.terminal("a\u{1b}[0m\n\u{202e}b\u{9b}\t") == "a\\x1b[0m\\x0a\\u{202e}b\\x9b\\x09")
    #expect(EscapedText.terminal("café ключ 界 🦆") == "café ключ 界 🦆")
  }

  @Test(arguments: hostile) func everyEscaper(text: String) {
    #expect(isSafe(EscapedText.terminal(text)) && !EscapedText.terminal(text).utf8.contains(0x0a))
    let html = EscapedText.html(text)
    #expect(isSafe(html) && !html.utf8.contains { $0 == 0x3c || $0 == 0x3e || $0 == 0x22 || $0 == 0x27 || $0 == 0x60 })
    #expect(EscapedText.path(text).utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f })
    let cell = EscapedText.csv(text)
    #expect(isSafe(cell) && !cell.utf8.contains(0x0a))
    var first = cell.unicodeScalars.drop { $0 == "\"" || $0 == " " }
    #expect(!["=", "+", "-", "@", "\u{ff1d}", "\u{ff0b}"].contains(first.popFirst()))
  }

  @Test(arguments: hostile) func everyRenderer(text: String) throws {
    let f = hostileFinding(text)
    for width in [40, 80, 200] {
      for colour in [false, true] {
        let style = TerminalStyle(width: width, colour: colour)
        let node = LineageNode(
          id: text, label: text, kind: text, mechanism: text, grade: text, facts: [text],
          children: [LineageNode(id: text)])
        var source = SourceRow(id: 1, path: text)
        (source.log, source.state) = (text, text)
        let gap = GapRow(path: text, reason: text, detail: text)
        for out in [
          FindingTable(style: style).render([f]), FindingTable(style: style, grouping: .incident).render([f]),
          FindingDetail(style: style).render(StoredFinding(finding: f)), LineageTree(style: style).render(node),
          LedgerTable(style: style).render(
            sources: [source], rejects: [RejectRow(path: text, reason: text, count: 1)], gaps: [gap]),
        ] {
          #expect(isSafe(out, ansi: colour))
          if !colour {
            for line in out.split(separator: "\n") { #expect(TextWidth.of(String(line)) <= width, "\(width): \(line)") }
          }
        }
      }
    }
    for line in [FindingJSON.line(f), FindingOCSF.line(f, productVersion: text)] {
      #expect(line.dropLast().allSatisfy { $0 >= 0x20 && $0 < 0x7f } && line.last == 0x0a)
    }
    let read = try #require(JSONReading.value(FindingJSON.line(f)))
    #expect(read["title"]?.text.map { Array($0.utf8) } == Array(text.utf8))
    let row = FindingCSV.row(f)
    #expect(isSafe(String(decoding: row.utf8.dropLast(2), as: UTF8.self)) && row.utf8.count { $0 == 0x0a } == 1)
    #expect(cells(row).count == FindingCSV.columns.count)
  }

  /// An independent reader of one RFC 4180 row.
  private func cells(_ row: String) -> [[UInt8]] {
    var cells: [[UInt8]] = [[]]
    var quoted = false
    for byte in row.utf8.dropLast(2) {
      if byte == 0x22 {
        quoted.toggle()
      } else if byte == 0x2c && !quoted {
        cells.append([])
      } else {
        cells[cells.count - 1].append(byte)
      }
    }
    return cells
  }
}
