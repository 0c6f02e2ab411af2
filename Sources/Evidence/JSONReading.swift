import Foundation

/// Reads JSON that this program wrote (columns of the store, lines of a bundle). Never log data.
///
/// Integers (and booleans, as 0 and 1) are read; other numbers, and text that is no JSON, give nil. Never traps.
public enum JSONReading {
  public static func value(_ bytes: [UInt8]) -> JSONValue? {
    guard let any = try? JSONSerialization.jsonObject(with: Data(bytes), options: [.fragmentsAllowed]) else {
      return nil
    }
    return convert(any)
  }

  public static func value(_ text: String) -> JSONValue? { value(Array(text.utf8)) }

  private static func convert(_ any: Any) -> JSONValue? {
    switch any {
    case is NSNull: return .null
    case let text as String: return .text(text)
    case let list as [Any]:
      let values = list.compactMap(convert)
      return values.count == list.count ? .array(values) : nil
    case let members as [String: Any]:
      let values = members.compactMapValues(convert)
      return values.count == members.count ? .object(values) : nil
    case let number as NSNumber:
      guard let value = Int64(exactly: number) else { return nil }
      return .int(value)
    default: return nil
    }
  }
}

extension JSONValue {
  public subscript(key: String) -> JSONValue? {
    if case .object(let members) = self { members[key] } else { nil }
  }
  public var text: String? { if case .text(let value) = self { value } else { nil } }
  public var int: Int64? { if case .int(let value) = self { value } else { nil } }
  public var array: [JSONValue]? { if case .array(let values) = self { values } else { nil } }
  public var object: [String: JSONValue]? { if case .object(let members) = self { members } else { nil } }
  /// The texts of an array; other values in it are skipped.
  public var texts: [String] { array?.compactMap(\.text) ?? [] }
}
