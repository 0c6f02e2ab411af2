import EventModel
import JSONScanning

/// Rewrites a raw record without its secrets: values at the map's paths, and whatever looks like a secret anywhere.
///
/// A path is a list of keys (array steps are skipped) and matches wherever it begins, so that wrapped records are covered,
/// also JSON inside strings. Everything else stays byte for byte. Used for cited records only.
public struct RecordRedactor: Sendable {
  private let paths: [[[UInt8]]]
  private let redactor: SecretRedactor

  init(paths: [[[UInt8]]], redactor: SecretRedactor) {
    self.paths = paths
    self.redactor = redactor
  }

  /// A partial match: `paths[path]` is matched up to `depth` keys.
  private struct Match: Hashable {
    var path: Int
    var depth: Int
  }

  public func redacted(_ record: Span<UInt8>) -> [UInt8] {
    guard let slot = JSONReading.whole(record) else {
      return withoutSecrets(record)
    }
    var out: [UInt8] = []
    out.reserveCapacity(record.count)
    rewrite(record, slot, [], &out, depth: 0)
    return withoutSecrets(out.span)
  }

  /// By form first: what stands for a secret then is no value to be assigned.
  private func withoutSecrets(_ text: Span<UInt8>) -> [UInt8] {
    let clean = redactor.redacted(text) ?? [UInt8](copying: text)
    return redactor.withoutAssigned(clean.span) ?? clean
  }

  private func rewrite(_ bytes: Span<UInt8>, _ slot: FieldSlot, _ matches: Set<Match>, _ out: inout [UInt8], depth: Int)
  {
    switch slot.kind {
    case .object:
      out.append(0x7b)
      var first = true
      JSONReading.forEachMember(bytes, slot) { key, value in
        if !first { out.append(0x2c) }
        first = false
        quote(bytes.extracting(key.range), &out)
        out.append(0x3a)
        member(bytes, JSONReading.decoded(bytes, key), value, matches, &out, depth)
        return true
      }
      out.append(0x7d)
    case .array:
      out.append(0x5b)
      var first = true
      JSONReading.forEachElement(bytes, slot) { element in
        if !first { out.append(0x2c) }
        first = false
        rewrite(bytes, element, matches, &out, depth: depth + 1)
        return true
      }
      out.append(0x5d)
    case .escapedString where depth < 8:
      let text = JSONReading.decoded(bytes, slot)
      if text.first == 0x7b, let inner = JSONReading.whole(text.span), inner.kind == .object {
        var rewritten: [UInt8] = []
        rewrite(text.span, inner, [], &rewritten, depth: depth + 1)
        out.append(0x22)
        out += RecordRedactor.escaped(rewritten)
        out.append(0x22)
      } else {
        quote(bytes.extracting(slot.range), &out)
      }
    case .string, .escapedString: quote(bytes.extracting(slot.range), &out)
    default: append(bytes.extracting(slot.range), &out)
    }
  }

  private func member(
    _ bytes: Span<UInt8>, _ key: [UInt8], _ value: FieldSlot, _ matches: Set<Match>, _ out: inout [UInt8], _ depth: Int
  ) {
    var next: Set<Match> = []
    for (n, path) in paths.enumerated() {
      if RecordRedactor.same(path[0], key) { next.insert(Match(path: n, depth: 1)) }
    }
    for match in matches where RecordRedactor.same(paths[match.path][match.depth], key) {
      next.insert(Match(path: match.path, depth: match.depth + 1))
    }
    if next.contains(where: { $0.depth == paths[$0.path].count }), value.kind != .null {
      out.append(0x22)
      out += redactor.replacement("secret", bytes.extracting(value.range), showsTail: false)
      out.append(0x22)
    } else {
      rewrite(bytes, value, next.filter { $0.depth < paths[$0.path].count }, &out, depth: depth + 1)
    }
  }

  /// Also in lower case: some exports write all keys so.
  private static func same(_ name: [UInt8], _ key: [UInt8]) -> Bool {
    name.count == key.count
      && zip(name, key).allSatisfy { $0 == $1 || ($0 >= 0x41 && $0 <= 0x5a && $0 | 0x20 == $1) }
  }

  private func quote(_ text: Span<UInt8>, _ out: inout [UInt8]) {
    out.append(0x22)
    append(text, &out)
    out.append(0x22)
  }

  private func append(_ text: Span<UInt8>, _ out: inout [UInt8]) {
    unsafe text.withUnsafeBufferPointer { unsafe out.append(contentsOf: $0) }
  }

  static func escaped(_ text: [UInt8]) -> [UInt8] {
    var out: [UInt8] = []
    for c in text {
      if c == 0x22 || c == 0x5c {
        out += [0x5c, c]
      } else if c < 0x20 {
        out += Array("\\u00\(c < 16 ? "0" : "")\(String(c, radix: 16))".utf8)
      } else {
        out.append(c)
      }
    }
    return out
  }
}

extension CompiledSource {
  /// The keys of the paths that this source's records keep secrets at.
  func secretPaths() -> [[[UInt8]]] { redactions }
}
