#if canImport(Glibc)
  import Glibc
#endif

/// What threads that ended have freed stays with the allocator, to be used by threads that never come.
enum FreedMemory {
  /// Gives it back to the system. A few milliseconds.
  static func giveBack() {
    #if canImport(Glibc)
      _ = malloc_trim(0)
    #endif
  }
}
