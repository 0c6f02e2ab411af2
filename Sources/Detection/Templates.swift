import EventModel
import EventWindow

/// Identities of one make: names that are equal once every part with a digit in it is left out (`web-1`, `web-2`; one role
/// in many accounts). What most of them do is no news of one (OS2, OS3).
///
/// At most 64 names a group are kept, 12 bytes each.
struct Templates: Sendable {
  static let limit = 64
  private var groups: [UInt64: [Symbol]] = [:]
  private var seen = SymbolSet()

  mutating func note(_ moment: Moment, _ window: EventWindow) {
    guard moment.subject.kind.isMachine else { return }
    let name = Reach.identity(moment.subject)
    guard name.isPresent, !seen.contains(name) else { return }
    seen.insert(name)
    let key = Templates.key(window.dictionaries.symbols.bytes(name))
    if groups[key, default: []].count < Templates.limit { groups[key, default: []].append(name) }
  }

  /// The identities of the same make, itself among them.
  func siblings(of name: Symbol, _ text: [UInt8]) -> [Symbol] { groups[Templates.key(text)] ?? [name] }

  static func key(_ text: [UInt8]) -> UInt64 { ByteHash.process.hash(template(text)) }

  static func template(_ text: [UInt8]) -> [UInt8] {
    var out: [UInt8] = []
    var part: [UInt8] = []
    var hasDigit = false
    for c in text + [0] {
      switch c {
      case 0, 0x2d, 0x5f, 0x2f, 0x3a, 0x40, 0x2e:
        out += hasDigit ? [0x23] : part
        if c != 0 { out.append(c) }
        part.removeAll(keepingCapacity: true)
        hasDigit = false
      default:
        if c >= 0x30, c <= 0x39 { hasDigit = true }
        part.append(c)
      }
    }
    return out
  }
}
