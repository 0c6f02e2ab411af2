import EventWindow
import Normalization

/// What a reading worker tells the owner.
enum ReadMessage: Sendable {
  case batch(NormalizedBatch)
  /// An input was read to its end, or as far as it goes. Duplicates and conflicts are not in the ledger yet.
  case finished(input: UInt32, ledger: InputLedger)
}
