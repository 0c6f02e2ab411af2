import GRDB
import GRDBSQLite

/// One prepared statement that is run for row after row, its values bound straight to SQLite in the order of its columns.
///
/// For tables with as many rows as a log has credentials. What GRDB's arguments do through an existential and an array for
/// each row costs more there than SQLite itself.
@safe struct RowStatement {
  private let db: Database
  /// Keeps the pointer alive.
  private let prepared: Statement
  private let statement: SQLiteStatement
  private var next: Int32 = 1

  init(_ db: Database, _ sql: String) throws {
    self.db = db
    prepared = try db.cachedStatement(sql: sql)
    unsafe statement = prepared.sqliteStatement
    unsafe sqlite3_reset(statement)
    unsafe sqlite3_clear_bindings(statement)
  }

  /// Runs the statement with what was bound since the last run.
  mutating func run() throws {
    next = 1
    let code = unsafe sqlite3_step(statement)
    unsafe sqlite3_reset(statement)
    if code != SQLITE_DONE, code != SQLITE_ROW {
      throw DatabaseError(resultCode: ResultCode(rawValue: code), message: db.lastErrorMessage)
    }
  }

  private mutating func bound(_ code: Int32) {
    precondition(code == SQLITE_OK, "a column more than the table has, or no memory")
    next += 1
  }

  /// NUL, where SQLite's texts end, becomes U+2400.
  mutating func text(_ value: String) {
    var value = value.utf8.contains(0) ? SQLValue.text(value) : value
    let code = value.withUTF8 { bytes in
      unsafe bytes.withMemoryRebound(to: CChar.self) {
        unsafe $0.isEmpty
          ? sqlite3_bind_text(statement, next, "", 0, RowStatement.copied)
          : sqlite3_bind_text(statement, next, $0.baseAddress, Int32($0.count), RowStatement.copied)
      }
    }
    bound(code)
  }

  mutating func text(_ value: String?) {
    if let value { text(value) } else { null() }
  }

  mutating func int(_ value: Int64) { bound(unsafe sqlite3_bind_int64(statement, next, value)) }
  mutating func int(_ value: Int64?) {
    if let value { int(value) } else { null() }
  }
  mutating func flag(_ value: Bool) { int(value ? 1 : 0) }

  /// Nanoseconds since 1970; null for no time, or one before 1970.
  mutating func time(_ value: Int64?) { int(SQLValue.nanoseconds(value)) }

  mutating func blob(_ value: [UInt8]) {
    let code = unsafe value.withUnsafeBytes {
      unsafe $0.isEmpty
        ? unsafe sqlite3_bind_zeroblob(statement, next, 0)
        : unsafe sqlite3_bind_blob(statement, next, $0.baseAddress, Int32($0.count), RowStatement.copied)
    }
    bound(code)
  }

  mutating func null() { bound(unsafe sqlite3_bind_null(statement, next)) }

  private static let copied = unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self)
}
