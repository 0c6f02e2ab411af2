import EventModel

/// A row being filled.
struct RowBuilder {
  var event: Event

  init(place: Normalizer.Place) {
    event = Event()
    event.offset = place.offset
    event.flags = place.terminated ? [] : .noNewline
    event.input = place.input
    event.length = place.length
    event.index = place.index
  }
}
