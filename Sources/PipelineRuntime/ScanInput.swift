import LogReading

/// One thing to read: a file, or standard input.
public struct ScanInput: Sendable {
  /// Number that rows carry.
  public var number: UInt32
  /// nil: standard input.
  public var file: InputFile?

  /// How it is called in findings and summaries.
  public var name: String { file?.path.description ?? "-" }

  func open() -> Result<ByteStream, ReadFailure> {
    guard let file else { return .success(ByteStream.standardInput()) }
    return file.open()
  }
}
