import EventModel
import Normalization

/// What the samples hold at one path: how often, how many different values, and of which form.
struct FieldProfile {
  /// As a map writes it.
  let path: String
  /// Words of its keys: `sourceIPAddress` is source, ip, address.
  let leaf: String
  let full: String
  let depth: Int
  var present = 0
  var texts: [String: Int] = [:]
  /// More values than are kept.
  var isOverfull = false
  var times = 0
  var addresses = 0
  var numbers = 0
  var booleans = 0
  var secrets = 0
  var longest = 0
  private(set) var examples: [String] = []

  static let kept = 400

  init(keys: [String], path: String) {
    self.path = path
    let words = keys.map(FieldProfile.words)
    leaf = (words.last ?? []).joined(separator: " ")
    full = words.joined().joined(separator: " ")
    depth = keys.count - 1
  }

  var distinct: Int { isOverfull ? max(texts.count, present) : texts.count }
  /// Another value in every record.
  var isUnique: Bool { present > 1 && distinct == present }
  var isTime: Bool { times * 20 >= present * 19 }
  var isAddress: Bool { addresses * 5 >= present * 4 }
  /// Values in the order of their number.
  var values: [String] { texts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key) }

  mutating func add(_ value: SampleValue) {
    let text: String
    switch value {
    case .text(let t): text = t
    case .number(let t):
      text = t
      numbers += 1
    case .bool(let b):
      text = b ? "true" : "false"
      booleans += 1
    default: return
    }
    if text.isEmpty { return }
    present += 1
    longest = max(longest, text.utf8.count)
    if texts[text] != nil || texts.count < FieldProfile.kept { texts[text, default: 0] += 1 } else { isOverfull = true }
    if examples.count < 3, !examples.contains(text) { examples.append(text) }
    let bytes = Array(text.utf8)
    if let parsed = Timestamp.parse(bytes.span), FieldProfile.plausible.contains(parsed.time) { times += 1 }
    if Address(bytes.span) != nil { addresses += 1 }
    if SecretRedactor(hasher: .stable).redacted(bytes.span) != nil { secrets += 1 }
  }

  /// 2001 to 2100: other numbers are no times.
  private static let plausible = 978_307_200 * Timestamp.second..<4_102_444_800 * Timestamp.second

  /// `sourceIPAddress`, `source_ip-address` and `source.ip` in lower-case words.
  static func words(_ key: String) -> [String] {
    var words: [String] = []
    var word: [UInt8] = []
    func flush() {
      if !word.isEmpty { words.append(String(decoding: word, as: UTF8.self)) }
      word = []
    }
    let bytes = Array(key.utf8)
    func isUpper(_ c: UInt8) -> Bool { c >= 0x41 && c <= 0x5a }
    func isLower(_ c: UInt8) -> Bool { c >= 0x61 && c <= 0x7a }
    for (i, c) in bytes.enumerated() {
      if isUpper(c) {
        let afterLower = i > 0 && !isUpper(bytes[i - 1])
        let endsAcronym = i > 0 && isUpper(bytes[i - 1]) && i + 1 < bytes.count && isLower(bytes[i + 1])
        if afterLower || endsAcronym { flush() }
        word.append(c | 0x20)
      } else if isLower(c) || (c >= 0x30 && c <= 0x39) {
        word.append(c)
      } else {
        flush()
      }
    }
    flush()
    return words
  }
}

/// All fields of some records, in the order of their paths.
struct SampleProfile {
  private(set) var fields: [FieldProfile] = []
  private(set) var records = 0
  private var index: [String: Int] = [:]
  /// A hostile record must not fill the memory.
  static let limit = 2000

  mutating func add(_ record: SampleValue) {
    records += 1
    if let members = record.members { walk(members, [], "") }
  }

  mutating func sort() {
    fields.sort { ($0.depth, $0.path) < ($1.depth, $1.path) }
    index = [:]
  }

  private mutating func walk(_ members: [String: SampleValue], _ keys: [String], _ path: String) {
    for (key, value) in members {
      guard let step = SampleProfile.step(key) else { continue }
      let below = path.isEmpty ? step : step.utf8.first == 0x5b ? path + step : path + "." + step
      visit(value, keys + [key], below)
    }
  }

  private mutating func visit(_ value: SampleValue, _ keys: [String], _ path: String) {
    switch value {
    case .object(let members) where keys.count < 8: walk(members, keys, path)
    case .array(let items):
      if let first = items.first, keys.count < 8 { visit(first, keys, path + "[0]") }
    case .text, .number, .bool:
      guard fields.count < SampleProfile.limit || index[path] != nil else { return }
      let at = index[path] ?? fields.count
      if at == fields.count {
        index[path] = at
        fields.append(FieldProfile(keys: keys, path: path))
      }
      fields[at].add(value)
    default: break
    }
  }

  /// A key as a step of a path; nil where the map language cannot write it.
  static func step(_ key: String) -> String? {
    if key.isEmpty { return nil }
    let isPlain = key.utf8.allSatisfy { c in
      (c >= 0x30 && c <= 0x39) || (c | 0x20 >= 0x61 && c | 0x20 <= 0x7a) || c == 0x5f || c == 0x2d || c == 0x40
    }
    if isPlain { return key }
    let isSafe = key.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7f && !Array("\"'[]{}|()\\".utf8).contains($0) }
    return isSafe ? "[\"\(key)\"]" : nil
  }
}
