import EventModel

/// A function of the map language: from one value to none, one or several.
enum Function: Sendable {
  case json([Step])
  /// Only the values that fit one of the patterns, or none of them: globs, or other values of the record in braces.
  case only([CompiledCondition.Pattern])
  case except([CompiledCondition.Pattern])
  case lower
  case before([UInt8])
  case after([UInt8])
  /// The text after the last occurrence of a separator.
  case last([UInt8])
  case stripPrefix([UInt8])
  case stripSuffix([UInt8])
  /// Puts a text before every value (a template takes the first value of each part only).
  case prefix([UInt8])
  /// The 12 digits of an AWS account: the text itself, or the account of an ARN.
  case account
  case split([UInt8])
  case percent
  /// Plus signs are spaces, as in a query.
  case plus
  /// The n-th field between separators, from 0; absent if there are fewer.
  case field([UInt8], Int)
  /// Hexadecimal without leading zeros, from decimal.
  case hexOfDecimal
  /// A certificate's serial as hexadecimal in any spelling (`0A:1B`, `0a1b`): lower case, no colons, no leading zeros.
  case serial
  /// Without its last field: what stands before the last occurrence of a separator.
  case beforeLast([UInt8])
  /// At most so many bytes.
  case first(Int)
  /// A time plus another value of seconds is an expiry; here: the time as epoch seconds.
  case seconds
  /// Words about an IAM policy document, Kubernetes rules, a pod's spec, a tool's arguments (see the readers).
  case iam
  case rbac
  case pod
  case arguments
  case command
  /// What a call acts on, of a tool's name, a space and its arguments (see ``ArgumentReader``).
  case acted
  /// Hashes of the hosts, addresses and accounts in a text (see ``Contacts``).
  case contacts
  /// Kinds of the secrets that stand in a text (see ``SecretText``), never the secrets.
  case secrets
  /// Words about one path or URL, as of an argument that names a place.
  case path
  /// The words of a name in any spelling (`createIssue`, `create_issue`, `kb.create-issue`), in lower case; only the first
  /// word after the last name space.
  case words
  case lead
  /// Every value in an object as `path.of.keys=value` (see ``PairReader``).
  case pairs
  /// What an object says twice and not alike, and its counts beyond bounds that it names (see ``ContrastReader``).
  case contrasts
  /// Only values that begin with a number of at least this much.
  case atLeast(Int)
  /// Whose a host name or URL is: its registrable part (see ``SiteReader``).
  case site
  /// How many digits a number has before its point: its order of magnitude, which patterns cannot compare.
  case digits

  init?(name: String, arguments: [[UInt8]]) {
    switch (name, arguments.count) {
    case ("lower", 0): self = .lower
    case ("before", 1): self = .before(arguments[0])
    case ("after", 1): self = .after(arguments[0])
    case ("last", 1): self = .last(arguments[0])
    case ("strip_prefix", 1): self = .stripPrefix(arguments[0])
    case ("strip_suffix", 1): self = .stripSuffix(arguments[0])
    case ("prefix", 1): self = .prefix(arguments[0])
    case ("account", 0): self = .account
    case ("secrets", 0): self = .secrets
    case ("path", 0): self = .path
    case ("words", 0): self = .words
    case ("lead", 0): self = .lead
    case ("pairs", 0): self = .pairs
    case ("contrasts", 0): self = .contrasts
    case ("at_least", 1):
      guard let n = Int(String(decoding: arguments[0], as: UTF8.self)) else { return nil }
      self = .atLeast(n)
    case ("site", 0): self = .site
    case ("digits", 0): self = .digits
    case ("split", 1): self = .split(arguments[0])
    case ("percent", 0): self = .percent
    case ("plus", 0): self = .plus
    case ("field", 2):
      guard let n = Int(String(decoding: arguments[1], as: UTF8.self)) else { return nil }
      self = .field(arguments[0], n)
    case ("hex_of_decimal", 0): self = .hexOfDecimal
    case ("serial", 0): self = .serial
    case ("before_last", 1): self = .beforeLast(arguments[0])
    case ("first", 1):
      guard let n = Int(String(decoding: arguments[0], as: UTF8.self)), n > 0 else { return nil }
      self = .first(n)
    case ("seconds", 0): self = .seconds
    case ("iam", 0): self = .iam
    case ("rbac", 0): self = .rbac
    case ("pod", 0): self = .pod
    case ("arguments", 0): self = .arguments
    case ("command", 0): self = .command
    case ("acted", 0): self = .acted
    case ("contacts", 0): self = .contacts
    default: return nil
    }
  }

  /// Calls `body` with each result until it says stop (false). Returns false once it did.
  func apply(_ input: Span<UInt8>, _ body: (Span<UInt8>) -> Bool) -> Bool {
    switch self {
    case .json, .only, .except: return true  // walked by the evaluator
    case .lower:
      // Most texts are already.
      guard input.indices.contains(where: { input[$0] >= 0x41 && input[$0] <= 0x5a }) else { return body(input) }
      let out = [UInt8](copying: input).lowered
      return body(out.span)
    case .before(let mark):
      return body(input.extracting(0..<(input.first(of: mark) ?? input.count)))
    case .after(let mark):
      guard let at = input.first(of: mark) else { return true }
      return body(input.extracting((at + mark.count)..<input.count))
    case .last(let mark):
      guard let at = input.last(of: mark) else { return body(input) }
      return body(input.extracting((at + mark.count)..<input.count))
    case .stripPrefix(let mark):
      return body(input.starts(with: mark) ? input.extracting(mark.count..<input.count) : input)
    case .stripSuffix(let mark):
      return body(input.ends(with: mark) ? input.extracting(0..<(input.count - mark.count)) : input)
    case .prefix(let mark):
      let out = mark + [UInt8](copying: input)
      return body(out.span)
    case .account:
      guard let range = accountRange(input) else { return true }
      return body(input.extracting(range))
    case .split(let mark):
      var rest = input
      while let at = rest.first(of: mark) {
        if !body(rest.extracting(0..<at)) { return false }
        rest = rest.extracting((at + mark.count)..<rest.count)
      }
      return body(rest)
    case .field(let mark, let n):
      var rest = input
      for _ in 0..<n {
        guard let at = rest.first(of: mark) else { return true }
        rest = rest.extracting((at + mark.count)..<rest.count)
      }
      return body(rest.extracting(0..<(rest.first(of: mark) ?? rest.count)))
    case .percent:
      let out = percentDecoded(input)
      return body(out.span)
    case .plus:
      let out = [UInt8](copying: input).map { $0 == 0x2b ? 0x20 : $0 }
      return body(out.span)
    case .hexOfDecimal:
      guard let out = hexadecimal(ofDecimal: input) else { return true }
      return body(out.span)
    case .serial:
      guard let out = plainSerial(input) else { return true }
      return body(out.span)
    case .beforeLast(let mark):
      guard let at = input.last(of: mark) else { return true }
      return body(input.extracting(0..<at))
    case .first(let n):
      return body(input.extracting(0..<min(n, input.count)))
    case .seconds:
      guard let parsed = Timestamp.parse(input) else { return true }
      let out = Array(String(parsed.time / Timestamp.second).utf8)
      return body(out.span)
    case .iam: return words(PolicyReader.words(input), body)
    case .rbac: return words(RoleReader.words(input), body)
    case .pod: return words(PodReader.words(input), body)
    case .arguments: return words(ArgumentReader.words(input), body)
    case .command: return words(CommandReader.words(input), body)
    case .acted: return words(ArgumentReader.objects(ofCall: input), body)
    case .contacts: return words(ArgumentReader.contacts(ofText: input), body)
    case .path: return words(ArgumentReader.words(ofPath: input), body)
    case .words: return words(NameReader.words(input), body)
    case .lead: return words(NameReader.lead(input), body)
    case .pairs: return words(PairReader.words(input), body)
    case .contrasts: return words(ContrastReader.words(input), body)
    case .atLeast(let least): return leadingNumber(input).map { $0 >= least } == true ? body(input) : true
    case .site: return words([SiteReader.site(input)], body)
    case .digits:
      var count = 0
      while count < input.count, input[count] >= 0x30, input[count] <= 0x39 { count += 1 }
      if count == 0 || count < input.count && input[count] != 0x2e { return true }
      return words([Array(String(count).utf8)], body)
    case .secrets: return words(SecretText.kinds(input), body)
    }
  }

  private func words(_ found: [[UInt8]], _ body: (Span<UInt8>) -> Bool) -> Bool {
    for word in found where !body(word.span) { return false }
    return true
  }
}

/// Hexadecimal digits with or without colons, at most 64, as one spelling; nil for anything else.
private func plainSerial(_ input: Span<UInt8>) -> [UInt8]? {
  var out: [UInt8] = []
  for i in 0..<input.count where input[i] != 0x3a {
    guard hexDigit(input[i]) != nil, out.count < 64 else { return nil }
    if input[i] == 0x30, out.isEmpty { continue }
    out.append(input[i] >= 0x41 && input[i] <= 0x46 ? input[i] | 0x20 : input[i])
  }
  return out.isEmpty ? nil : out
}

/// Where an AWS account id stands: all of the text, or the fifth field of an ARN.
private func accountRange(_ text: Span<UInt8>) -> Range<Int>? {
  var start = 0
  if text.starts(with: Array("arn:".utf8)) {
    var colons = 0
    while start < text.count, colons < 4 {
      if text[start] == 0x3a { colons += 1 }
      start += 1
    }
  }
  var end = start
  while end < text.count, text[end] >= 0x30, text[end] <= 0x39 { end += 1 }
  guard end - start == 12, end == text.count || text[end] == 0x3a else { return nil }
  return start..<end
}

/// `%41` decoded once; malformed escapes stay as they are.
func percentDecoded(_ input: Span<UInt8>) -> [UInt8] {
  var out: [UInt8] = []
  out.reserveCapacity(input.count)
  var i = 0
  while i < input.count {
    if input[i] == 0x25, i + 2 < input.count, let high = hexDigit(input[i + 1]), let low = hexDigit(input[i + 2]) {
      out.append(UInt8(high << 4 | low))
      i += 3
    } else {
      out.append(input[i])
      i += 1
    }
  }
  return out
}

/// Any number of decimal digits (a certificate serial has up to 49) as lower-case hex without leading zeros.
func hexadecimal(ofDecimal input: Span<UInt8>) -> [UInt8]? {
  guard input.count > 0, input.count <= 64 else { return nil }
  var words: [UInt32] = [0]
  for i in 0..<input.count {
    guard input[i] >= 0x30, input[i] <= 0x39 else { return nil }
    var carry = UInt64(input[i] - 0x30)
    for w in words.indices {
      let v = UInt64(words[w]) * 10 + carry
      words[w] = UInt32(truncatingIfNeeded: v)
      carry = v >> 32
    }
    if carry > 0 { words.append(UInt32(carry)) }
  }
  var text = ""
  for w in words.reversed() {
    let hex = String(w, radix: 16)
    text += text.isEmpty ? (w == 0 ? "" : hex) : String(repeating: "0", count: 8 - hex.count) + hex
  }
  return Array((text.isEmpty ? "0" : text).utf8)
}

/// The whole number that a text begins with (`91` of `91.2%`); nil if it begins with none, or one past 18 digits.
func leadingNumber(_ input: Span<UInt8>) -> Int? {
  var number = 0
  var digits = 0
  while digits < input.count, input[digits] >= 0x30, input[digits] <= 0x39 {
    if digits == 18 { return nil }
    number = number * 10 + Int(input[digits] - 0x30)
    digits += 1
  }
  return digits > 0 ? number : nil
}
