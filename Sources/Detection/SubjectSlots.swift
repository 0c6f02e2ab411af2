/// Where a detector keeps its state of a subject: looked up by key once for each subject and log, then found by the
/// subject's number. Eight bytes a subject.
struct SubjectSlots: Sendable {
  private struct Place: Sendable {
    var source: UInt8 = 0
    var slot: Int32 = -1
  }
  private var places: [Place] = []

  /// The slot of the moment's subject in its log, if it was the last log that the subject was seen in.
  func find(_ moment: Moment) -> Int? {
    let subject = Int(moment.event.subject)
    guard subject < places.count, places[subject].slot >= 0, places[subject].source == moment.operation.source else {
      return nil
    }
    return Int(places[subject].slot)
  }

  mutating func note(_ moment: Moment, _ slot: Int) {
    let subject = Int(moment.event.subject)
    if subject >= places.count {
      places.append(contentsOf: repeatElement(Place(), count: max(256, subject + 1 - places.count)))
    }
    places[subject] = Place(source: moment.operation.source, slot: Int32(slot))
  }

  /// The state was moved.
  mutating func removeAll() { places.removeAll(keepingCapacity: true) }
}
