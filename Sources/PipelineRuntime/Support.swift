import EventModel
import Foundation
import Synchronization

/// The wall clock: for the future check and custody stamps only, never for judging.
enum Clock {
  /// Nanoseconds since 1970.
  static var now: Int64 { Int64(Date().timeIntervalSince1970 * 1e9) }
  /// Who acts, for the custody chain.
  static var actor: String {
    "\(ProcessInfo.processInfo.environment["USER"] ?? "uid \(getuid())")@\(ProcessInfo.processInfo.hostName)"
  }
}

/// Hands out numbers to workers.
final class WorkCounter: Sendable {
  private let next = Atomic<Int>(0)
  func take(below count: Int) -> Int? {
    let n = next.wrappingAdd(1, ordering: .relaxed).oldValue
    return n < count ? n : nil
  }
}

/// The key of this store's hashes: random once, kept in the store, so that equal rows hash alike in every run.
struct StoreKey {
  let hash: ByteHash
  /// What the store must keep of it.
  let meta: [String: String]
  /// What the store's meta was when it was opened.
  let stored: [String: String]

  init(_ meta: [String: String]) {
    let parts = (meta["hash_key"] ?? "").split(separator: "-").compactMap { UInt64($0, radix: 16) }
    var random = SystemRandomNumberGenerator()
    let key = parts.count == 2 ? parts : [random.next(), random.next()]
    stored = meta
    hash = ByteHash(k0: key[0], k1: key[1])
    self.meta = ["hash_key": key.map { String($0, radix: 16) }.joined(separator: "-")]
  }
}
