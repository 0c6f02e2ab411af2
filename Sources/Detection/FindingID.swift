import EventModel

/// The ids of findings and incidents: functions of what they are about, never of evidence, count or text (semantics.md 6, 7).
public enum FindingID {
  public static func of(
    _ definition: DetectionDefinition, tenant: String, key: [UInt8], cause: [UInt8], day: Int32
  ) -> String {
    hash(["finding", definition.id, "\(definition.version)", tenant], [key, cause], day)
  }

  /// 16 hex digits.
  public static func incident(entity: [UInt8], day: Int32) -> String {
    String(hash(["incident"], [entity], day).prefix(16))
  }

  /// Parts with their lengths before them, so that no two lists of parts hash alike.
  private static func hash(_ words: [String], _ parts: [[UInt8]], _ day: Int32) -> String {
    var bytes: [UInt8] = []
    for part in words.map({ Array($0.utf8) }) + parts + [Array("\(day)".utf8)] {
      bytes += Array("\(part.count):".utf8) + part
    }
    return Digest.of(bytes).hexadecimal
  }
}
