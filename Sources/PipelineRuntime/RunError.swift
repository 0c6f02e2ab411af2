import Evidence
import PipelineContent

/// Why a run did not take place, with the exit code that product.md gives it and what to do.
public enum RunError: Error, CustomStringConvertible {
  /// Wrong usage or configuration, or nothing that could be read.
  case usage(String)
  case configuration(ContentError)
  case content(ContentError)
  case store(StoreError)
  /// Stopped by a signal.
  case stopped(signal: Int32)

  public var exitCode: Int32 {
    switch self {
    case .usage, .configuration: 2
    case .content: 3
    case .store: 5
    case .stopped(let signal): 128 + signal
    }
  }

  public var description: String {
    switch self {
    case .usage(let text): text
    case .configuration(let error), .content(let error): error.description
    case .store(let error): error.message
    case .stopped(let signal): signal == 2 ? "stopped by Ctrl-C" : "stopped by signal \(signal)"
    }
  }
}
