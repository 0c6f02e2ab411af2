import GRDB

/// Why the store cannot be used. Every case ends a command with exit code 5; every message says what to do.
public enum StoreError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file is no SQLite database, or another program's.
  case notAStore(path: String)
  /// Written by a newer Bittern.
  case newer(version: Int)
  case corrupt(detail: String)
  /// Another process reads logs into this store; 0 where its pid could not be read.
  case locked(pid: Int32)
  /// Another connection held the write lock for longer than the busy timeout.
  case busy
  case absent(path: String)
  case cannotOpen(reason: String)
  case diskFull
  case readOnly
  /// The operation does not fit how the store was opened, or SQLite refused it.
  case failed(detail: String)

  public static let exitCode: Int32 = 5

  public var exitCode: Int32 { StoreError.exitCode }

  public var description: String { message }

  /// One sentence of what is wrong and one of what to do. Holds a path as given: escape it before a terminal sees it.
  public var message: String {
    switch self {
    case .notAStore(let path):
      "\(path) is not a Bittern store. Nothing was changed; name another file with --store."
    case .newer(let version):
      "the store has version \(version), this Bittern knows up to \(Schema.version). Nothing was changed; use the newer Bittern."
    case .corrupt(let detail):
      "the store is damaged (\(detail)). It was left as it is; copy it, then try: sqlite3 STORE .recover | sqlite3 NEW"
    case .locked(0):
      "the store is locked by another Bittern that reads logs into it. Stop it, or name another store with --store."
    case .locked(let pid):
      "the store is locked by pid \(pid). Stop that process, or name another store with --store."
    case .busy:
      "another program kept the store locked for longer than the busy timeout. Close it and try again."
    case .absent(let path):
      "there is no store at \(path). Run `bittern scan` first, or name one with --store."
    case .cannotOpen(let reason):
      "the store cannot be opened: \(reason). Check the path and its permissions."
    case .diskFull:
      "the disk that holds the store is full. The last batch was not committed; make room and run again."
    case .readOnly:
      "the store cannot be written: it, its directory or its file system is read-only."
    case .failed(let detail):
      "the store refused an operation (\(detail)). Nothing of it was kept."
    }
  }

  /// What an error of GRDB or of a system call means for the store.
  init(_ error: any Error) {
    if let known = error as? StoreError {
      self = known
      return
    }
    if let file = error as? FileError {
      self = StoreError(file)
      return
    }
    guard let database = error as? DatabaseError else {
      self = .failed(detail: "\(error)")
      return
    }
    let text = database.message ?? "SQLite error \(database.extendedResultCode.rawValue)"
    switch database.resultCode {
    // A foreign file is told by its header before SQLite sees it; what it refuses after that is a damaged store.
    case .SQLITE_CORRUPT, .SQLITE_NOTADB: self = .corrupt(detail: text)
    case .SQLITE_FULL: self = .diskFull
    case .SQLITE_READONLY: self = .readOnly
    case .SQLITE_BUSY, .SQLITE_LOCKED: self = .busy
    case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH: self = .cannotOpen(reason: text)
    case .SQLITE_IOERR: self = .failed(detail: "input/output error, \(text)")
    default: self = .failed(detail: text)
    }
  }

  init(_ error: FileError) {
    if error.isNoSpace {
      self = .diskFull
    } else if error.isReadOnly {
      self = .readOnly
    } else {
      self = .cannotOpen(reason: error.description)
    }
  }

  /// Runs GRDB work and names its failure.
  static func naming<T>(_ body: () throws -> T) throws(StoreError) -> T {
    do {
      return try body()
    } catch {
      throw StoreError(error)
    }
  }
}
