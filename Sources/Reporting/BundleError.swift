import Evidence

/// Why a bundle was not written. Nothing is left behind.
public enum BundleError: Error, Sendable, CustomStringConvertible {
  /// The target exists and `force` was not given.
  case exists(path: String)
  /// The target exists and is no bundle of Bittern's: it is never replaced.
  case notABundle(path: String)
  /// The selection names nothing in the store.
  case nothingSelected
  case cannotWrite(reason: String)
  case store(StoreError)

  public var description: String {
    switch self {
    case .exists(let path): "\(path) exists. Name another directory, or replace the bundle there with --force."
    case .notABundle(let path): "\(path) exists and is not a Bittern bundle; it is not replaced, even with --force."
    case .nothingSelected: "no finding in the store matches the selection."
    case .cannotWrite(let reason): "the bundle cannot be written: \(reason)"
    case .store(let error): error.message
    }
  }
}
