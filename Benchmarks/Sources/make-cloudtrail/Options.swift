/// What the command line asks for.
struct Options {
  var directory = ""
  var events = 0
  var files = 0
  var seed: UInt64 = 1
  var hours = 24
  var identities = 20_000
  var workers = 1
  var level = 6
  var plain = false

  static let usage = """
    usage: make-cloudtrail OUTDIR --events N [--files K] [--seed S] [--hours H] [--identities I] [--workers W] [--level L] [--plain]
      --files K        about K delivery files (default: one for 6,600 events)
      --hours H        event time that the corpus spans (default 24)
      --identities I   how many, used after Zipf's law (default 20000)
      --workers W      threads, a file each (default 1; the files are the same)
      --level L        of zlib (default 6)
      --plain          NDJSON, one record a line, instead of gzip {"Records":[…]}

    """

  /// `nil` when the arguments make no sense.
  init?(_ arguments: [String]) {
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      func number() -> Int? { rest.popFirst().flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil } }
      switch argument {
      case "--plain": plain = true
      case "--events":
        guard let value = number() else { return nil }
        events = value
      case "--files":
        guard let value = number() else { return nil }
        files = value
      case "--seed":
        guard let value = number() else { return nil }
        seed = UInt64(value)
      case "--hours":
        guard let value = number() else { return nil }
        hours = value
      case "--identities":
        guard let value = number() else { return nil }
        identities = value
      case "--workers":
        guard let value = number() else { return nil }
        workers = value
      case "--level":
        guard let value = number(), value < 10 else { return nil }
        level = value
      default:
        guard directory.isEmpty, !argument.hasPrefix("-") else { return nil }
        directory = argument
      }
    }
    guard !directory.isEmpty, events > 0 else { return nil }
    if files == 0 { files = max(1, events / 6600) }
  }
}
