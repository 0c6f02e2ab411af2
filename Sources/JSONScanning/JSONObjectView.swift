/// Walks over the members of a captured object in their order, doubled keys included, without allocating. The whole walk
/// is linear in the object's bytes.
public struct JSONObjectView {
  private var text: ValidatedText

  /// `bytes` and `slot` must come from one scan, and `bytes` must outlive the view. A slot of any other kind than
  /// `.object` has no members.
  @unsafe
  public init(_ bytes: UnsafeRawBufferPointer, _ slot: FieldSlot) {
    text = ValidatedText(unsafe ScannedBytes(bytes), inside: slot, .object)
  }

  /// The next key (`.string` or `.escapedString`) and its value, as slots of the same buffer; nil after the last.
  public mutating func next() -> (key: FieldSlot, value: FieldSlot)? {
    guard let key = text.next(), let value = text.next() else { return nil }
    return (key, value)
  }
}
