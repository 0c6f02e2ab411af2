import Testing

@testable import Detection
@testable import EventModel

@Suite struct ActsDetectionTests {}
