import EventModel

extension ClientOS {
  var word: String {
    switch self {
    case .darwin: "darwin"
    case .windows: "windows"
    case .browser: "browser"
    case .linux: "linux"
    case .none: "none"
    }
  }
  var phrase: String {
    switch self {
    case .darwin: "a Mac"
    case .windows: "Windows"
    case .browser: "a browser"
    case .linux: "Linux"
    case .none: "an unknown platform"
    }
  }
}

extension [UInt8] {
  /// ASCII letters in lower case.
  var lowered: [UInt8] { map { $0 >= 0x41 && $0 <= 0x5a ? $0 | 0x20 : $0 } }

  /// O(n·m); for short needles, asked once for each distinct text.
  func holds(_ needle: [UInt8]) -> Bool {
    guard !needle.isEmpty, count >= needle.count else { return false }
    return (0...(count - needle.count)).contains { at in (0..<needle.count).allSatisfy { self[at + $0] == needle[$0] } }
  }
}
