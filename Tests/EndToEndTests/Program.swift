import Foundation

/// The built binary beside the test bundle, and the repository it was built from.
enum Program {
  /// `.build/debug` or the like.
  static let products: String = {
    let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    return ((own ?? CommandLine.arguments[0]) as NSString).deletingLastPathComponent
  }()
  static let bittern = products + "/bittern"
  static let root: String = {
    var folder = #filePath as NSString
    for _ in 0..<3 { folder = folder.deletingLastPathComponent as NSString }
    return folder as String
  }()
  static let quickstart = root + "/samples/quickstart"
  static let quickstartConfiguration = quickstart + "/bittern.yml"
  static let malformed = root + "/samples/malformed"

  /// Whether a program of the system is there.
  static func has(_ name: String) -> Bool {
    ["/usr/bin/", "/bin/", "/usr/sbin/", "/sbin/", "/usr/local/bin/"].contains {
      FileManager.default.isExecutableFile(atPath: $0 + name)
    }
  }
}

/// A program that ran, and what it left.
struct Outcome {
  /// The exit code; 128 + n where signal n killed it.
  var code: Int32
  var output: [UInt8]
  var errors: [UInt8]
  /// Peak resident memory in bytes.
  var peak: Int
  var text: String { String(decoding: output, as: UTF8.self) }
  var messages: String { String(decoding: errors, as: UTF8.self) }

  /// The NDJSON lines of stdout.
  var lines: [[String: Any]] {
    output.split(separator: 0x0a).compactMap { try? JSONSerialization.jsonObject(with: Data($0)) as? [String: Any] }
  }
  var findings: [String: String] {
    var found: [String: String] = [:]
    for line in lines { if let id = line["id"] as? String { found[id] = line["severity"] as? String ?? "" } }
    return found
  }
}

/// A child process, started directly: its exit status and memory are its own.
struct Child {
  let pid: pid_t
  private let folder: Scratch
  private let outputs: (String, String)

  /// - Parameters:
  ///   - command: a program (looked up in PATH) and its arguments.
  ///   - input: the file that becomes stdin; nil: nothing.
  ///   - inputDescriptor: a descriptor that becomes stdin instead.
  init(
    _ command: [String], input: String? = nil, inputDescriptor: Int32? = nil, in directory: String? = nil,
    environment extra: [String: String] = [:]
  ) throws {
    folder = try Scratch()
    outputs = (folder.path + "/out", folder.path + "/err")
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    if let inputDescriptor {
      posix_spawn_file_actions_adddup2(&actions, inputDescriptor, 0)
    } else {
      posix_spawn_file_actions_addopen(&actions, 0, input ?? "/dev/null", O_RDONLY, 0)
    }
    posix_spawn_file_actions_addopen(&actions, 1, outputs.0, O_WRONLY | O_CREAT, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, outputs.1, O_WRONLY | O_CREAT, 0o600)
    var environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("BITTERN_") }
    environment.merge(extra) { $1 }
    // `env -C` changes the directory and becomes the program.
    let command = directory.map { ["env", "-C", $0] + command } ?? command
    var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
    var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for pointer in arguments + variables { free(pointer) } }
    var child: pid_t = 0
    let result = posix_spawnp(&child, command[0], &actions, nil, &arguments, &variables)
    guard result == 0 else { throw Failure("\(command[0]): \(String(cString: strerror(result)))") }
    pid = child
  }

  func signal(_ number: Int32) { kill(pid, number) }

  /// Waits; a child that takes longer than `seconds` is killed and that is an error.
  func wait(_ seconds: Double = 300) throws -> Outcome {
    var status: Int32 = 0
    var usage = rusage()
    let end = Date().addingTimeInterval(seconds)
    while wait4(pid, &status, WNOHANG, &usage) == 0 {
      if Date() > end {
        kill(pid, SIGKILL)
        wait4(pid, &status, 0, &usage)
        throw Failure("ran for more than \(seconds) s and was killed")
      }
      usleep(10_000)
    }
    let code = status & 0x7f == 0 ? status >> 8 & 0xff : 128 + status & 0x7f
    return Outcome(
      code: code, output: contents(outputs.0), errors: contents(outputs.1), peak: Int(usage.ru_maxrss) << 10)
  }
}

struct Failure: Error, CustomStringConvertible {
  var description: String
  init(_ description: String) { self.description = description }
}

/// Runs a program to its end.
func run(
  _ command: [String], input: String? = nil, in directory: String? = nil, environment: [String: String] = [:]
) throws -> Outcome {
  try Child(command, input: input, in: directory, environment: environment).wait()
}

/// Runs bittern to its end, in a directory that has no bittern.yml.
func bittern(
  _ arguments: [String], input: String? = nil, in directory: String? = nil, environment: [String: String] = [:]
) throws -> Outcome {
  try run([Program.bittern] + arguments, input: input, in: directory ?? "/", environment: environment)
}

func contents(_ path: String) -> [UInt8] { FileManager.default.contents(atPath: path).map { [UInt8]($0) } ?? [] }

/// A directory that goes with the value.
final class Scratch: Sendable {
  let path: String

  init() throws {
    var template = (NSTemporaryDirectory() + "/bittern-e2e-XXXXXX").utf8CString.map { $0 }
    guard mkdtemp(&template) != nil else { throw Failure("no temporary directory: errno \(errno)") }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  @discardableResult func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    let file = path + "/" + name
    let folder = (file as NSString).deletingLastPathComponent
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    return file
  }

  @discardableResult func write(_ name: String, _ text: String) throws -> String { try write(name, Array(text.utf8)) }

  /// Every file below, with its bytes.
  func files(below name: String = "") -> [(path: String, bytes: [UInt8])] {
    let start = name.isEmpty ? path : path + "/" + name
    let walker = FileManager.default.enumerator(atPath: start)
    var found: [(path: String, bytes: [UInt8])] = []
    while let file = walker?.nextObject() as? String { found.append((file, contents(start + "/" + file))) }
    return found
  }
}
