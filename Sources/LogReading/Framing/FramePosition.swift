/// What the first bytes of an input say about the rest. A hint for speed: every line and value is still looked at.
public enum FrameShape: UInt8, Sendable {
  case undecided
  /// One record a line. Documents and values in between are noticed and framed as such.
  case lines
  /// Objects that carry their records in an array: CloudTrail's `{"Records":[…]}`.
  case documents
  /// Values one after another, over several lines or several on one; or one array of records.
  case values
}

/// Where inside the shape a position lies.
public enum FrameContext: UInt8, Sendable {
  /// At the beginning of a line, or of a value.
  case lineStart
  /// Behind a value, on the same line.
  case afterValue
  /// In a document's array: a record is due, or a comma.
  case elementDue
  case afterElement
  /// In a document, behind its array.
  case documentTail
}

/// All that is needed to frame on from here as if the bytes before had just been framed.
public struct FramePosition: Hashable, Sendable {
  /// Of the next record or of what precedes it, in the decompressed stream.
  public var offset: UInt64
  /// Place of the next record in the open document; 0 outside.
  public var recordIndex: UInt32
  public var shape: FrameShape
  public var context: FrameContext
  /// The open document's envelope key; empty for a top-level array, and outside documents.
  public var envelope: [UInt8]
  /// What stands in the open document before its first array, as an object; empty where that is nothing, or more than
  /// ``headLimit`` bytes.
  public var head: [UInt8]

  static let headLimit = 4096

  public init(
    offset: UInt64 = 0, recordIndex: UInt32 = 0, shape: FrameShape = .undecided, context: FrameContext = .lineStart,
    envelope: [UInt8] = [], head: [UInt8] = []
  ) {
    self.offset = offset
    self.recordIndex = recordIndex
    self.shape = shape
    self.context = context
    self.envelope = envelope
    self.head = head
  }

  /// Inside a document's array or behind it.
  public var isInsideDocument: Bool {
    switch context {
    case .lineStart, .afterValue: false
    case .elementDue, .afterElement, .documentTail: true
    }
  }
}
