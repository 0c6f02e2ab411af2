import EventModel

/// Events that somebody labelled: what they are, and what a finding about them should say.
public struct LabelledCase: Sendable {
  public var id = ""
  public var log = ""
  /// Path of the file that holds the events and nothing else.
  public var input = ""
  /// nil: labelled neither way; it is run and shown, and counts for nothing.
  public var isMalicious: Bool?
  public var label = ""
  /// The words of the label's family columns.
  public var familyLabels: [String] = []
  /// Whether it concerns machine identities: `core`, `related`, or empty.
  public var concern = ""
  public var why = ""
  /// What it is counted under: (dimension, value).
  public var groups: [(dimension: String, value: String)] = []

  public init() {}

  /// What a finding may be called to count as strict; nil where the label fits any family.
  public var families: Set<Family>? {
    var families: Set<Family> = []
    for label in familyLabels {
      switch label {
      case "", "other", "none": continue
      case "human-login-by-NHI": families.insert(.interactiveUse)
      default: if let family = Family(rawValue: label) { families.insert(family) }
      }
    }
    return families.isEmpty ? nil : families
  }

  static func isMalicious(_ word: String) -> Bool? {
    switch word {
    case "yes", "true", "1": true
    case "no", "false", "0": false
    default: nil
    }
  }

  /// Reads a table of cases: one row, one input file of its own.
  /// - Parameter folder: what `input` is relative to.
  /// - Throws: `.usage`, naming the column that is missing or the family that is none.
  public static func cases(_ table: CSVTable, folder: String, file: String) throws(RunError) -> [LabelledCase] {
    for column in ["id", "input", "expected_malicious", "family"] where !table.columns.contains(column) {
      throw .usage("\(file): no column '\(column)'; cases need id, input, expected_malicious and family")
    }
    var cases: [LabelledCase] = []
    for row in table.rows.indices {
      var item = LabelledCase()
      item.id = table.cell(row, "id")
      item.log = table.cell(row, "log_type")
      let input = table.cell(row, "input")
      item.input = input.hasPrefix("/") ? input : folder + "/" + input
      item.isMalicious = isMalicious(table.cell(row, "expected_malicious"))
      item.label = table.cell(row, "label_kind")
      item.familyLabels = [table.cell(row, "family"), table.cell(row, "family2")].filter { !$0.isEmpty }
      item.concern = table.cell(row, "nhi")
      item.why = table.cell(row, "why")
      for label in item.familyLabels where Family(rawValue: label) == nil && !otherFamilies.contains(label) {
        let known = (Family.allCases.map(\.rawValue) + otherFamilies).joined(separator: ", ")
        throw .usage("\(file): case '\(item.id)' has the family '\(label)', which is none of \(known)")
      }
      item.groups = [
        ("family", item.familyLabels.first ?? "none"), ("log", item.log), ("label", item.label),
        ("concern", item.concern),
      ].filter { !$0.value.isEmpty }
      cases.append(item)
    }
    return cases
  }

  private static let otherFamilies = ["human-login-by-NHI", "other", "none"]
}
