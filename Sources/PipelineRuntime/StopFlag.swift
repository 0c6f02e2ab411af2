import Dispatch
import Foundation
import Synchronization

/// SIGINT and SIGTERM as a flag that is looked at between batches. A second signal ends the process at once.
public final class StopFlag: Sendable {
  private let value = Atomic<Int32>(0)
  private let sources = Mutex<[any DispatchSourceSignal]>([])

  public init() {}

  /// The signal that asked to stop; 0 while nobody did.
  public var signal: Int32 { value.load(ordering: .relaxed) }

  /// Takes both signals over for this process, and ignores SIGPIPE: a reader that goes away is no error.
  public func install() {
    Foundation.signal(SIGPIPE, SIG_IGN)
    for number in [SIGINT, SIGTERM] {
      Foundation.signal(number, SIG_IGN)
      sources.withLock { kept in
        let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
        source.setEventHandler { [self] in
          if value.exchange(number, ordering: .relaxed) != 0 { _exit(128 + number) }
        }
        source.resume()
        kept.append(source)
      }
    }
  }
}
