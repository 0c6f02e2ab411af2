import GRDB

/// One table of the store: its name, its columns in order, and what else its definition says.
///
/// The one place a column is named: definition, inserts and the bundle's copy are made from it.
struct Table: Sendable {
  let name: String
  /// (column, type and constraints); these are the ones that are written.
  var columns: [(name: String, type: String)]
  /// Readable times made by SQLite from a `*_ns` column: (column, from).
  var readable: [(name: String, from: String)] = []
  /// Columns that came with a later version of the schema than the first.
  var since: [String: Int] = [:]
  /// Keys and checks.
  var constraints: [String] = []
  var withoutRowID = false
  /// `CREATE INDEX name ON …;` each.
  var indexes: [String] = []

  /// `CREATE TABLE … STRICT` and its indexes.
  var definition: String {
    var lines = columns.map { "  \($0.name) \($0.type)" }
    lines += readable.map { "  \($0.name) \(Table.readableType($0.from))" }
    lines += constraints.map { "  " + $0 }
    let create =
      "CREATE TABLE \(name) (\n\(lines.joined(separator: ",\n"))\n) STRICT\(withoutRowID ? ", WITHOUT ROWID" : "");"
    return ([create] + indexes).joined(separator: "\n")
  }

  private static func readableType(_ from: String) -> String {
    "TEXT GENERATED ALWAYS AS (strftime('%Y-%m-%dT%H:%M:%SZ', \(from)/1000000000, 'unixepoch')) VIRTUAL"
  }

  /// Brings a table of an earlier version up to this definition: columns are only ever added, each with a default.
  func addMissingColumns(_ db: Database) throws {
    // table_xinfo: generated columns too.
    let known = Set(try String.fetchAll(db, sql: "SELECT name FROM pragma_table_xinfo('\(name)')"))
    let wanted = columns.map { ($0.name, $0.type) } + readable.map { ($0.name, Table.readableType($0.from)) }
    for (column, type) in wanted where !known.contains(column) {
      try db.execute(sql: "ALTER TABLE \(name) ADD COLUMN \(column) \(type)")
    }
  }

  /// The table as a version of the schema had it.
  func asOf(_ version: Int) -> Table {
    var earlier = self
    earlier.columns.removeAll { since[$0.name, default: 1] > version }
    earlier.readable.removeAll { since[$0.name, default: 1] > version }
    return earlier
  }

  var columnList: String { columns.map { "\"\($0.name)\"" }.joined(separator: ", ") }

  /// `INSERT INTO … VALUES (?, …)` with a conflict clause.
  func insert(_ conflict: String = "") -> String {
    let marks = Array(repeating: "?", count: columns.count).joined(separator: ",")
    return "INSERT INTO \(name) (\(columnList)) VALUES (\(marks)) \(conflict)"
  }

  /// An upsert that takes the new row's value of every column that is not in the key.
  func replace(key: [String]) -> String {
    let sets = columns.map(\.name).filter { !key.contains($0) }.map { "\"\($0)\" = excluded.\"\($0)\"" }
    return insert("ON CONFLICT(\(key.joined(separator: ", "))) DO UPDATE SET \(sets.joined(separator: ", "))")
  }
}
