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
