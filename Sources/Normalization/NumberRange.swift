import JSONScanning

/// The numbers from one member of an object to another, as rules of firewalls write their ports: `fromPort` 20, `toPort` 25.
///
/// -1 as the lower end is every number. Without an upper end it is the lower one alone; a lower end that is no whole number
/// makes no range.
struct NumberRange {
  var low: Int
  var high: Int

  init?(of element: FieldSlot, _ lowKey: [UInt8], _ highKey: [UInt8], _ folds: Bool, _ bytes: Span<UInt8>) {
    var low: Int?
    var high: Int?
    JSONReading.forEachMember(bytes, element) { name, value in
      if Evaluator.same(bytes, name, lowKey, folds) { low = NumberRange.number(bytes.extracting(value.range)) }
      if Evaluator.same(bytes, name, highKey, folds) { high = NumberRange.number(bytes.extracting(value.range)) }
      return true
    }
    guard let low else { return nil }
    self.low = low
    self.high = high ?? low
  }

  func holds(_ numbers: [Int]) -> Bool { low == -1 || numbers.contains { low <= $0 && $0 <= high } }

  private static func number(_ text: Span<UInt8>) -> Int? {
    if text.count == 2, text[0] == 0x2d, text[1] == 0x31 { return -1 }
    return leadingNumber(text)
  }
}
