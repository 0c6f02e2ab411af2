import EventModel

/// A value that matters in a tool call's arguments, as the map states it: `destination:to=<hash>`, `host:<hash>`.
struct AgentItem {
  enum Value: String { case destination, host, contact, object }

  let value: Value
  /// The argument, where its name tells values apart.
  let name: String
  let bytes: [UInt8]
  /// The value wherever it stands: somebody paid under `recipient` is known as a `payee`, and in a text.
  let hash: UInt64

  /// nil for other words (what the arguments reach for).
  init?(_ bytes: [UInt8]) {
    guard let colon = bytes.firstIndex(of: 0x3a),
      let value = Value(rawValue: String(decoding: bytes[..<colon], as: UTF8.self))
    else { return nil }
    let equals = bytes.firstIndex(of: 0x3d)
    self.value = value
    self.bytes = bytes
    name = equals.map { String(decoding: bytes[(colon + 1)..<$0], as: UTF8.self) } ?? ""
    let kind = value == .contact ? Value.destination : value
    hash = ByteHash.stable.mix(
      ByteHash.stable.hash(Array(kind.rawValue.utf8)), ByteHash.stable.hash(Array(bytes[((equals ?? colon) + 1)...])))
  }

  /// Class and argument: what novelty is counted in, and what a run is told once for.
  var place: [UInt8] { Array("\(value.rawValue):\(name)".utf8) }
  var unit: UInt64 { ByteHash.stable.hash(place) }

  var words: String {
    switch value {
    case .destination: "a destination (argument '\(name)')"
    case .host: "a host"
    case .contact: "an address or account in its text"
    case .object: name.isEmpty ? "an object that it destroys or shares" : "an object (argument '\(name)')"
    }
  }
}
