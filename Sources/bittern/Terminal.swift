import Foundation
import Reporting

/// The two streams and what they are: findings go to stdout, everything else to stderr.
enum Terminal {
  static var isOutputTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
  static var isErrorTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// Columns of the terminal behind a stream; COLUMNS, then 100, where there is none.
  static func width(_ descriptor: Int32) -> Int {
    var size = winsize()
    if unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
    return ProcessInfo.processInfo.environment["COLUMNS"].flatMap(Int.init) ?? 100
  }

  static func style(_ descriptor: Int32) -> TerminalStyle {
    TerminalStyle(
      width: width(descriptor), isTerminal: isatty(descriptor) == 1, environment: ProcessInfo.processInfo.environment)
  }

  /// Writes to stdout; a reader that went away ends the process quietly.
  static func output(_ text: String) { output(Array(text.utf8)) }

  static func output(_ bytes: [UInt8]) {
    do {
      try FileHandle.standardOutput.write(contentsOf: Data(bytes))
    } catch {
      Foundation.exit(0)
    }
  }

  static func note(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data((text + "\n").utf8)) }

  static func error(_ text: String, labelled: Bool = true) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { EscapedText.terminal(String($0)) }
    note((labelled ? "bittern: " : "") + lines.joined(separator: "\n"))
  }
}
