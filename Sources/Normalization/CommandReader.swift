/// Words about a command that is run on other compute: an array of arguments, a string, or the query of an exec request
/// (`…/exec?command=cat&command=%2Fvar%2Frun…&stdin=true`). See ``SensitiveText``; plus `tty` and `stdin`.
enum CommandReader {
  static func words(_ text: Span<UInt8>) -> [[UInt8]] {
    var words: Set<String> = []
    if let tree = JSONTree.parse(text), case .array = tree {
      words = SensitiveText.words(ofCommand: tree.strings.joined(separator: " "))
    } else {
      var decoded = [UInt8](copying: text)
      if let query = decoded.firstIndex(of: 0x3f), decoded.contains("command=") || decoded.contains("stdin=") {
        let pairs = decoded[(query + 1)...].split(separator: 0x26)
        var command: [UInt8] = []
        for pair in pairs {
          let item = Array(pair)
          if item.starts(withText: "command=") {
            let value = percentDecoded(item.span.extracting(8..<item.count))
            command += (command.isEmpty ? [] : [0x20]) + value.map { $0 == 0x2b ? 0x20 : $0 }
          }
          if item == Array("tty=true".utf8) || item == Array("tty=1".utf8) { words.insert("tty") }
          if item == Array("stdin=true".utf8) || item == Array("stdin=1".utf8) { words.insert("stdin") }
        }
        decoded = command
      }
      words.formUnion(SensitiveText.words(ofCommand: String(decoding: decoded, as: UTF8.self)))
    }
    return words.sorted().map { Array($0.utf8) }
  }
}
