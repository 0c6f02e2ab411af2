/// A table of comma-separated values with a line of names (RFC 4180): quoted cells may hold commas, quotes and line ends.
///
/// Works on bytes. O(bytes).
public struct CSVTable: Sendable {
  public private(set) var columns: [String] = []
  public private(set) var rows: [[String]] = []
  private var index: [String: Int] = [:]

  public init(_ bytes: [UInt8]) {
    var lines = CSVTable.records(bytes)
    guard !lines.isEmpty else { return }
    columns = lines.removeFirst()
    rows = lines
    for (n, name) in columns.enumerated() where index[name] == nil { index[name] = n }
  }

  /// A cell; empty where the row is short or the column is not there.
  public func cell(_ row: Int, _ column: String) -> String {
    guard let n = index[column], n < rows[row].count else { return "" }
    return rows[row][n]
  }

  private static func records(_ bytes: [UInt8]) -> [[String]] {
    var records: [[String]] = []
    var record: [String] = []
    var cell: [UInt8] = []
    var quoted = false
    var at = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
    func endRecord() {
      record.append(String(decoding: cell, as: UTF8.self))
      cell = []
      if record != [""] { records.append(record) }
      record = []
    }
    while at < bytes.count {
      let byte = bytes[at]
      at += 1
      switch byte {
      case 0x22 where quoted && at < bytes.count && bytes[at] == 0x22:
        cell.append(byte)
        at += 1
      case 0x22 where quoted || cell.isEmpty: quoted.toggle()
      case 0x2c where !quoted:
        record.append(String(decoding: cell, as: UTF8.self))
        cell = []
      case 0x0d where !quoted: break
      case 0x0a where !quoted: endRecord()
      default: cell.append(byte)
      }
    }
    if !cell.isEmpty || !record.isEmpty { endRecord() }
    return records
  }
}
