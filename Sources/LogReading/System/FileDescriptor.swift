/// An open file, closed when the value ends.
struct FileDescriptor: ~Copyable {
  let number: Int32
  private let owned: Bool

  init(number: Int32, owned: Bool) {
    self.number = number
    self.owned = owned
  }

  /// Descriptor 0, which is not ours to close.
  static var standardInput: FileDescriptor { FileDescriptor(number: 0, owned: false) }

  deinit { if owned { SystemCalls.close(number) } }
}
