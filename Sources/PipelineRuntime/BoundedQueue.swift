import Dispatch
import Synchronization

/// A queue between threads that holds at most `capacity` items: whoever puts into a full one waits.
final class BoundedQueue<Element: Sendable>: Sendable {
  private let items = Mutex<[Element]>([])
  private let spaces: DispatchSemaphore
  private let filled = DispatchSemaphore(value: 0)

  init(capacity: Int) {
    // Not as its first value: a semaphore that goes while it is lower than at first ends the process, and a scan that is
    // stopped leaves items in the queue.
    spaces = DispatchSemaphore(value: 0)
    for _ in 0..<capacity { spaces.signal() }
  }

  func put(_ item: Element) {
    spaces.wait()
    items.withLock { $0.append(item) }
    filled.signal()
  }

  /// Waits for an item at most this long; nil when there was none.
  func take(waiting milliseconds: Int) -> Element? {
    guard filled.wait(timeout: .now() + .milliseconds(milliseconds)) == .success else { return nil }
    return first()
  }

  /// Waits for an item.
  func take() -> Element {
    filled.wait()
    return first()
  }

  private func first() -> Element {
    let item = items.withLock { $0.removeFirst() }
    spaces.signal()
    return item
  }
}
