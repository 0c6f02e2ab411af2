/// What is asked for on the command line.
struct Options {
  var directory = ""
  var events = 100_000
  var days = 30
  var seed: UInt64 = 20_260_201
  /// 0: the federated corpus; else a corpus of nothing but so many live credentials.
  var credentials = 0
  var compresses = true

  static let usage = """
    usage: make-federated OUTDIR [--events N] [--days N] [--seed N] [--plain]
           make-federated OUTDIR --credentials N [--plain]
    """

  init?(_ arguments: [String]) {
    var rest = arguments[...]
    while let word = rest.popFirst() {
      switch word {
      case "--events": guard let n = Options.number(&rest), n >= 1000 else { return nil }; events = n
      case "--days": guard let n = Options.number(&rest), (7...365).contains(n) else { return nil }; days = n
      case "--seed": guard let n = Options.number(&rest), n >= 0 else { return nil }; seed = UInt64(n)
      case "--credentials": guard let n = Options.number(&rest), n > 0 else { return nil }; credentials = n
      case "--plain": compresses = false
      default:
        if word.hasPrefix("-") || !directory.isEmpty { return nil }
        directory = word
      }
    }
    if directory.isEmpty { return nil }
  }

  private static func number(_ rest: inout ArraySlice<String>) -> Int? { rest.popFirst().flatMap { Int($0) } }
}
