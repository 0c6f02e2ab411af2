import EventModel
import LogReading
import Normalization

/// Fetches the raw records that findings cite, once for each file, and fills in ids, hashes and redacted bytes.
struct EvidenceFetcher {
  let inputs: [ScanInput]
  let spool: SpoolFile?
  let sourceNames: [String]
  var inspector: RecordInspector

  private struct Wanted {
    var finding: Int
    var citation: Int
    var offset: UInt64
    var length: Int
  }

  mutating func fill(_ findings: inout [Finding]) {
    var wanted: [UInt32: [Wanted]] = [:]
    for f in findings.indices {
      for c in findings[f].evidence.indices {
        let citation = findings[f].evidence[c]
        guard Int(citation.input) < inputs.count, citation.missing == nil else { continue }
        findings[f].evidence[c].file = inputs[Int(citation.input)].name
        wanted[citation.input, default: []].append(
          Wanted(finding: f, citation: c, offset: citation.offset, length: Int(citation.length)))
      }
    }
    for (input, list) in wanted {
      let sorted = list.sorted { $0.offset < $1.offset }
      if inputs[Int(input)].file == nil {
        fillFromSpool(sorted, &findings)
      } else {
        fill(Int(input), sorted, &findings)
      }
    }
  }

  private mutating func fillFromSpool(_ wanted: [Wanted], _ findings: inout [Finding]) {
    for item in wanted {
      if let bytes = spool?.bytes(at: item.offset, count: item.length) {
        set(item, bytes.span, &findings)
      } else {
        findings[item.finding].evidence[item.citation].missing = "standard input was not kept"
      }
    }
  }

  private mutating func fill(_ input: Int, _ wanted: [Wanted], _ findings: inout [Finding]) {
    var buffer: [UInt8] = []
    var start: UInt64 = 0
    var missing: String?
    switch inputs[input].open() {
    case .failure(let failure): missing = failure.description
    case .success(var stream):
      for item in wanted {
        let end = item.offset + UInt64(item.length)
        while missing == nil, start + UInt64(buffer.count) < end {
          // Whole stretches that nothing is wanted from are let go.
          if item.offset > start, buffer.count > 1 << 20 {
            let drop = min(buffer.count, Int(item.offset - start))
            buffer.removeFirst(drop)
            start += UInt64(drop)
          }
          switch stream.read(into: &buffer, limit: 1 << 20) {
          case .bytes: break
          case .endOfInput, .wouldBlock: missing = "the file is shorter than when it was read"
          case .failed(let failure): missing = failure.description
          }
        }
        if missing != nil { break }
        let from = Int(item.offset - start)
        set(item, buffer.span.extracting(from..<(from + item.length)), &findings)
      }
    }
    if let missing {
      for item in wanted where findings[item.finding].evidence[item.citation].sha256.isEmpty {
        findings[item.finding].evidence[item.citation].missing = missing
      }
    }
  }

  private mutating func set(_ item: Wanted, _ bytes: Span<UInt8>, _ findings: inout [Finding]) {
    let source = sourceNames.firstIndex(of: findings[item.finding].evidence[item.citation].source) ?? 0
    let inspection = inspector.inspect(bytes, source: source)
    findings[item.finding].evidence[item.citation].sha256 = Digest.of(bytes).hexadecimal
    findings[item.finding].evidence[item.citation].raw = inspection.redacted
    let shown = inspection.eventID(of: findings[item.finding].evidence[item.citation].eventID)
    if let shown { findings[item.finding].evidence[item.citation].eventID = shown }
  }
}
