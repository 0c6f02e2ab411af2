import EventModel

/// A row being filled.
struct RowBuilder {
  var event: Event

  init(place: Normalizer.Place) {
    event = Event(
      time: Timestamp.none, idHigh: 0, idLow: 0, content: 0, offset: place.offset, facts: .none, subject: 0, origin: 0,
      operation: 0, error: .none, resource: .none, target: .none, trace: .none,
      flags: place.terminated ? [] : .noNewline, mint: 0, detailStart: 0, input: place.input, length: place.length,
      index: place.index, detailCount: 0, outcome: .unknown, precision: .seconds)
  }
}
