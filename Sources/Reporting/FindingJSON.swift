import EventModel
import Evidence

/// Findings as NDJSON (product.md): one object a line, sorted keys, ASCII, LF.
public enum FindingJSON {
  /// With LF.
  public static func line(_ finding: Finding) -> [UInt8] { FindingDocument.value(finding).line }

  public static func text(_ finding: Finding) -> String { String(decoding: line(finding), as: UTF8.self) }
}
