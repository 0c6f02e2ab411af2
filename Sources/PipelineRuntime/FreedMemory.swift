import CSystem

/// What threads that ended have freed stays with the allocator, to be used by threads that never come.
enum FreedMemory {
  /// Gives it back to the system, where the C library can. A few milliseconds.
  static func giveBack() { csystem_trim() }
}
