import EventModel

/// A row being filled.
struct RowBuilder {
  var event: Event
  /// The key of the origin's inputs, and what the status's tests say of them.
  var origin: UInt64 = 0
  var answers: UInt64 = 0
  /// What the conditions of acts say of the client.
  var clientActs: UInt64 = 0

  init(place: Normalizer.Place) {
    event = Event()
    event.offset = place.offset
    event.flags = place.terminated ? [] : .noNewline
    event.input = place.input
    event.length = place.length
    event.index = place.index
  }
}
