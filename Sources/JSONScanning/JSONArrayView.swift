/// Walks over the elements of a captured array without allocating. The whole walk is linear in the array's bytes.
public struct JSONArrayView {
  private var text: ValidatedText

  /// `bytes` and `slot` must come from one scan, and `bytes` must outlive the view. A slot of any other kind than
  /// `.array` has no elements.
  @unsafe
  public init(_ bytes: UnsafeRawBufferPointer, _ slot: FieldSlot) {
    text = ValidatedText(unsafe ScannedBytes(bytes), inside: slot, .array)
  }

  /// The next element, as a slot of the same buffer; nil after the last.
  public mutating func next() -> FieldSlot? { text.next() }
}
