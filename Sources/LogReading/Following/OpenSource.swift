/// A source with a reader on it. A class because readers cannot be copied and live in a table.
final class OpenSource {
  var reader: RecordReader
  /// Size on disk when all of it had been read; nil while there may be more.
  var caughtUpAt: UInt64?
  /// When it last grew, or was opened.
  var lastGrowth: UInt64
  var isStallTold = false

  init(reader: consuming RecordReader, now: UInt64) {
    self.reader = reader
    lastGrowth = now
  }
}
