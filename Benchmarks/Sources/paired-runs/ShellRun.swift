#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// One run of a shell command and what the system says about it.
struct ShellRun {
  var wall: Double
  var processor: Double
  /// KiB, of the largest process of the command.
  var peakMemory: Int
  var status: Int32

  /// Runs `/bin/sh -c command` and waits.
  static func run(_ command: String) -> ShellRun? {
    let clock = ContinuousClock()
    let start = clock.now
    var child: pid_t = 0
    let words: [String] = ["sh", "-c", command]
    var arguments: [UnsafeMutablePointer<CChar>?] = unsafe words.map { word in unsafe strdup(word) }
    unsafe arguments.append(nil)
    defer { unsafe arguments.forEach { unsafe free($0) } }
    guard unsafe posix_spawn(&child, "/bin/sh", nil, nil, &arguments, environ) == 0 else { return nil }
    var status: Int32 = 0
    var usage = rusage()
    while unsafe wait4(child, &status, 0, &usage) < 0 {
      if errno != EINTR { return nil }
    }
    let took = start.duration(to: clock.now).components
    let processor = seconds(usage.ru_utime) + seconds(usage.ru_stime)
    #if canImport(Darwin)
      let memory = usage.ru_maxrss / 1024
    #else
      let memory = usage.ru_maxrss
    #endif
    let code = status & 0x7f == 0 ? status >> 8 & 0xff : 128 + status & 0x7f
    return ShellRun(
      wall: Double(took.seconds) + Double(took.attoseconds) * 1e-18, processor: processor, peakMemory: memory,
      status: code)
  }

  private static func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) * 1e-6 }
}
