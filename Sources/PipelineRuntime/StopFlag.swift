import Foundation
import Synchronization

/// SIGINT and SIGTERM as a flag that is looked at between batches. A second signal ends the process at once.
public final class StopFlag: Sendable {
  private let value = Atomic<Int32>(0)

  public init() {}

  /// The signal that asked to stop; 0 while nobody did.
  public var signal: Int32 { value.load(ordering: .relaxed) }

  /// Takes both signals over for this process, and ignores SIGPIPE: a reader that goes away is no error.
  ///
  /// Call it on the first thread before there are others: they inherit that the signals are blocked. Until that moment a
  /// signal ends the process; from it on a signal waits for the one thread that takes it. None is lost between.
  public func install() {
    Foundation.signal(SIGPIPE, SIG_IGN)
    var both = sigset_t()
    unsafe sigemptyset(&both)
    for number in [SIGINT, SIGTERM] { unsafe sigaddset(&both, number) }
    unsafe pthread_sigmask(SIG_BLOCK, &both, nil)
    // A shell starts what runs in the background with SIGINT ignored: it would never arrive.
    for number in [SIGINT, SIGTERM] { Foundation.signal(number, SIG_DFL) }
    let thread = Thread { [self, both] in
      var (waited, number) = (both, Int32(0))
      while true {
        guard unsafe sigwait(&waited, &number) == 0 else { continue }
        if value.exchange(number, ordering: .relaxed) != 0 { _exit(128 + number) }
      }
    }
    thread.stackSize = 1 << 18
    thread.start()
  }
}
