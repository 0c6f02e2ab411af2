import EventModel
import EventWindow
import Detection
import PipelineContent

/// LS6: what the reader itself notices about records (semantics.md 12).
enum RecordIntegrity {
  static func findings(_ report: ScanReport, _ engine: DetectionEngine, _ content: Content) -> [Finding] { [] }
}
