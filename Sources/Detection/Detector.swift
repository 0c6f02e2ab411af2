import EventModel
import EventWindow

/// One event with what its ids mean: what a detector looks at.
public struct Moment {
  public let event: Event
  public let row: Row
  public let subject: Subject
  public let origin: Origin
  public let operation: Operation
  /// UTC day of the event; 0 where it has no time.
  public let day: Int32
  /// It says something that its day did not have yet; see ``ActMarks``. What learns which acts there are skips the rest.
  public let isNews: Bool

  init(_ event: Event, _ row: Row, _ window: EventWindow, isNews: Bool = true) {
    self.isNews = isNews
    self.event = event
    self.row = row
    subject = window.subject(event.subject)
    origin = window.origin(event.origin)
    operation = window.operation(event.operation)
    day = event.time == Timestamp.none ? 0 : Timestamp.utcDay(event.time)
  }

  public var time: Int64 { event.time }
  public var tookPlace: Bool { event.outcome.tookPlace }
  public var isServiceMade: Bool { event.flags.contains(.serviceMade) }
}

/// A detector kind: state and the judgement of one event after another, in event-time order.
///
/// Concrete and stored in the ``DetectorCatalogue``: never called through an existential. Keyed state is bounded and
/// evicted by event time.
protocol Detector: Sendable {
  /// The word of a detection's `kind`.
  static var kind: String { get }
  /// Reads all parameters; an unknown or missing one is an error.
  init(_ definition: DetectionDefinition, number: Int, facts: FactVocabulary) throws(DetectionError)
  mutating func judge(_ moment: Moment, _ judgement: inout Judgement)
}
