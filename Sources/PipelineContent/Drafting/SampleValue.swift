import Foundation

/// A JSON value of a sample record. For drafting only: small, slow, forgiving.
enum SampleValue: Decodable {
  case null
  case bool(Bool)
  case number(String)
  case text(String)
  case array([SampleValue])
  case object([String: SampleValue])

  init(from decoder: any Decoder) throws {
    if let members = try? decoder.container(keyedBy: Key.self) {
      var object: [String: SampleValue] = [:]
      for key in members.allKeys { object[key.stringValue] = try members.decode(SampleValue.self, forKey: key) }
      self = .object(object)
      return
    }
    if var items = try? decoder.unkeyedContainer() {
      var array: [SampleValue] = []
      while !items.isAtEnd { array.append(try items.decode(SampleValue.self)) }
      self = .array(array)
      return
    }
    let value = try decoder.singleValueContainer()
    if value.decodeNil() {
      self = .null
    } else if let bool = try? value.decode(Bool.self) {
      self = .bool(bool)
    } else if let whole = try? value.decode(Int64.self) {
      self = .number(String(whole))
    } else if let number = try? value.decode(Double.self) {
      self = .number(String(number))
    } else {
      self = .text(try value.decode(String.self))
    }
  }

  private struct Key: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { return nil }
  }

  /// nil if the bytes are no JSON.
  static func parse(_ bytes: [UInt8]) -> SampleValue? {
    try? JSONDecoder().decode(SampleValue.self, from: Data(bytes))
  }

  var members: [String: SampleValue]? { if case .object(let members) = self { members } else { nil } }

  /// The object inside a string that is JSON, as collectors wrap records.
  var wrapped: SampleValue? {
    guard case .text(let text) = self, text.utf8.first == 0x7b else { return nil }
    return SampleValue.parse(Array(text.utf8)).flatMap { $0.members == nil ? nil : $0 }
  }
}
