import EventModel
import PipelineContent
import Testing

@testable import Normalization

/// One record through a map that is written here: what the language can say.
private struct Map {
  var definition = SourceDefinition()

  init(_ columns: [SourceDefinition.ColumnName: [SourceDefinition.Clause]] = [:]) {
    definition.name = "test"
    definition.recognise = SourceDefinition.Condition(anyOf: [[.init(expression: "kind", patterns: ["*"])]])
    definition.columns = columns
  }

  func row(_ record: String) throws -> RowText {
    let facts = FactVocabulary(names: definition.acts.flatMap(\.facts))
    let source = try CompiledSource(definition, index: 0, facts: facts)
    var normalizer = Normalizer(sources: [source], worker: 0, options: .init(contentHash: .stable))
    let bytes = Array(record.utf8)
    let place = Normalizer.Place(input: 0, offset: 0, length: UInt32(bytes.count), index: 0)
    guard case .accepted = normalizer.add(bytes.span, at: place) else { return RowText() }
    return normalizer.texts(facts: facts).first ?? RowText()
  }

  static func resource(_ expression: String, _ record: String) throws -> String? {
    try Map([.resource: [.init(value: expression)]]).row(record)["resource"]
  }
}

@Suite("Map language") struct MapLanguageTests {
  @Test(
    "paths, elements and functions",
    arguments: [
      ("a.b", #"{"kind":1,"a":{"b":"x"}}"#, "x"),
      (#"["a.b"]"#, #"{"kind":1,"a.b":"x"}"#, "x"),
      ("a[0]", #"{"kind":1,"a":["x","y"]}"#, "x"),
      ("a[-1]", #"{"kind":1,"a":["x","y"]}"#, "y"),
      (
        "a[lo..hi=7,22].n",
        #"{"kind":1,"a":[{"lo":23,"hi":30,"n":"x"},{"lo":"8","hi":"21","n":"y"},{"lo":10,"hi":22,"n":"z"}]}"#, "z"
      ),
      ("a[lo..hi=7].n", #"{"kind":1,"a":[{"lo":6,"n":"x"},{"n":"y"},{"lo":7,"n":"z"}]}"#, "z"),
      ("a[lo..hi=7].n", #"{"kind":1,"a":{"hi":-1,"lo":-1,"n":"x"}}"#, "x"),
      ("a[key=k].value", #"{"kind":1,"a":[{"key":"j","value":"x"},{"key":"k","value":"y"}]}"#, "y"),
      ("a | before(':')", #"{"kind":1,"a":"x:y:z"}"#, "x"),
      ("a | last(':')", #"{"kind":1,"a":"x:y:z"}"#, "z"),
      ("a | field(':',1)", #"{"kind":1,"a":"x:y:z"}"#, "y"),
      ("a | prefix('P:')", #"{"kind":1,"a":"x"}"#, "P:x"),
      ("a | json .b", #"{"kind":1,"a":"{\"b\":\"x\"}"}"#, "x"),
      ("{a}/{b?}", #"{"kind":1,"a":"x"}"#, "x/"),
      ("a | plus", #"{"kind":1,"a":"x+y"}"#, "x y"),
      ("a[*] | except({b[*]})", #"{"kind":1,"a":["x","y","z"],"b":["w","x","y"]}"#, "z"),
      ("a[*] | at_least(10)", #"{"kind":1,"a":["9","91.2%","x"]}"#, "91.2%"),
      ("a | pairs", #"{"kind":1,"a":{"B":[{"c":"D"}]}}"#, "b.c=d"),
      (
        "a | contrasts",
        #"{"kind":1,"a":{"expected_hash":"A1","actualHash":"b2","expectedHost":"x","actual_host":"X"}}"#,
        "differs:hash"
      ),
      (
        "a | contrasts", #"{"kind":1,"a":{"old_scope":"r","new_scope":"w","old_size":1,"new_size":2}}"#, "changed:scope"
      ),
      (
        "a | contrasts",
        #"{"kind":1,"a":{"registered_uri":["b","a"],"uri":["a","b"],"issued_tenant":"a","used_tenant":"b"}}"#,
        "differs:tenant"
      ),
      (
        "a | contrasts", #"{"kind":1,"a":{"max_iterations":5,"iteration_count":6,"max_rows":9,"rows":9}}"#,
        "exceeds:iteration_count"
      ),
      (
        "a | contrasts",
        #"{"kind":1,"a":{"baseline_calls_per_minute":6,"calls_last_minute":31,"limit":10,"total":99}}"#,
        "exceeds:calls_last_minute"
      ),
      // One letter, and a letter with a mark: they look alike and are two names.
      ("a | contrasts", #"{"kind":1,"a":{"expected_host":"caf\u00e9","actual_host":"cafe\u0301"}}"#, "differs:host"),
      ("a | lead", #"{"kind":1,"a":"mcp__github__createIssue"}"#, "create"),
    ])
  func values(expression: String, record: String, expected: String) throws {
    #expect(try Map.resource(expression, record) == expected)
  }

  @Test(
    "an empty text is there, where a condition asks for it",
    arguments: [
      (#""a":"""#, "empty"), (#""b":1"#, "other"), (#""a":null"#, "other"), (#""a":"x""#, "other"),
      (#""l":["x",""]"#, "last"), (#""l":["x"]"#, "other"),
    ])
  func emptyTexts(members: String, expected: String) throws {
    typealias Condition = SourceDefinition.Condition
    let map = Map([
      .resource: [
        .init(value: "=empty", when: Condition(anyOf: [[.init(expression: "a", patterns: [""])]])),
        .init(value: "=last", when: Condition(anyOf: [[.init(expression: "l[-1]", patterns: ["z", ""])]])),
        .init(value: "=other"),
      ]
    ])
    #expect(try map.row(#"{"kind":1,\#(members)}"#)["resource"] == expected)
  }

  @Test("what stands around a wrapped record")
  func wrappings() throws {
    var map = Map([.resource: [.init(value: "{a?}/{^a?}/{^b[0].c?}")], .action: [.init(value: "^a")]])
    map.definition.unwrap = ["message", "log"]
    #expect(try map.row(#"{"kind":1,"a":"x"}"#)["resource"] == "x//")
    let inner = #"{\"kind\":1,\"a\":\"x\"}"#
    let row = try map.row(##"{"a":"o","b":[{"c":"d"}],"message":"\##(inner)"}"##)
    #expect(row["resource"] == "x/o/d" && row["action"] == "o")
    // The nearest that has it.
    let twice = #"{"a":"far","b":[{"c":"d"}],"message":{"a":"near","log":{"kind":1}}}"#
    #expect(try map.row(twice)["resource"] == "/near/d")
    // What its values are filtered by is the record's own.
    var filtered = Map([.resource: [.init(value: "^l[*] | except({a})")]])
    filtered.definition.unwrap = ["message"]
    let around = #"{"l":["x","y"],"message":{"kind":1,"pad":"longer than all that is around","a":"x"}}"#
    #expect(try filtered.row(around)["resource"] == "y")
    // Dictionary columns are looked up by what they are made of: another wrapping is another operation.
    let source = try CompiledSource(map.definition, index: 0, facts: FactVocabulary(names: []))
    var normalizer = Normalizer(sources: [source], worker: 0, options: .init(contentHash: .stable))
    for text in [#"{"a":"1","log":{"kind":1}}"#, #"{"a":"2","log":{"kind":1}}"#, #"{"kind":1}"#] {
      let bytes = Array(text.utf8)
      _ = normalizer.add(bytes.span, at: .init(input: 0, offset: 0, length: UInt32(bytes.count), index: 0))
    }
    #expect(normalizer.texts(facts: FactVocabulary(names: [])).map { $0["action"] } == ["1", "2", nil])
  }

  @Test("every element of an inner array is an event, with what stands around it")
  func splitting() throws {
    var map = Map([.resource: [.init(value: "{who}:{e[0].n}")], .id: [.init(value: "id")]])
    map.definition.split = ("e", "who")
    let source = try CompiledSource(map.definition, index: 0, facts: FactVocabulary(names: []))
    var normalizer = Normalizer(sources: [source], worker: 0, options: .init(contentHash: .stable))
    let bytes = Array(#"{"kind":1,"id":"i","who":"a","e":[{"n":"x"},{"n":"y"},{"n":"x"}],"z":1}"#.utf8)
    let outcome = normalizer.add(bytes.span, at: .init(input: 0, offset: 0, length: UInt32(bytes.count), index: 0))
    guard case .accepted(_, let rows) = outcome else { throw MapError(field: "", reason: "refused") }
    #expect(rows == 3)
    let taken = normalizer.take().batch
    #expect(Set((0..<3).map { taken.idLow[$0] }).count == 3)
    _ = normalizer.add(bytes.span, at: .init(input: 0, offset: 0, length: UInt32(bytes.count), index: 0))
    #expect(normalizer.texts(facts: FactVocabulary(names: [])).map { $0["resource"] } == ["a:x", "a:y", "a:x"])
    // Delivered again it has the same ids.
    let again = normalizer.take().batch
    #expect((0..<3).allSatisfy { taken.idLow[$0] == again.idLow[$0] })
  }

  @Test("each event of a record that is split has its own id to show")
  func idsOfParts() throws {
    var map = Map([.id: [.init(value: "e[0].n")], .eventID: [.init(value: "e[0].shown")]])
    map.definition.split = ("e", "who")
    let source = try CompiledSource(map.definition, index: 0, facts: FactVocabulary(names: []))
    var normalizer = Normalizer(sources: [source], worker: 0, options: .init(contentHash: .stable))
    let bytes = Array(
      #"{"kind":1,"who":"a","e":[{"n":"x","shown":"one"},{"n":"y","shown":"two"},{"n":"z"}]}"#.utf8)
    _ = normalizer.add(bytes.span, at: .init(input: 0, offset: 0, length: UInt32(bytes.count), index: 0))
    let taken = normalizer.take().batch
    var inspector = RecordInspector(sources: [source], contentHash: .stable)
    let found = inspector.inspect(bytes.span, source: 0)
    let shown = (0..<3).map { found.eventID(of: Finding.Citation.dedupID(taken.idHigh[$0])) }
    #expect(shown == ["one", "two", nil])
    // One event: its id, whatever the citation says.
    let one = Array(#"{"kind":1,"who":"a","e":[{"n":"x","shown":"one"}]}"#.utf8)
    #expect(inspector.inspect(one.span, source: 0).eventID(of: "0") == "one")
  }

  @Test("events that all say the same, and events with too much around them, cost no more than their bytes")
  func hostileSplitting() throws {
    var map = Map([.id: [.init(value: "id")]])
    map.definition.split = ("e", "who")
    let source = try CompiledSource(map.definition, index: 0, facts: FactVocabulary(names: []))
    var normalizer = Normalizer(sources: [source], worker: 0, options: .init(contentHash: .stable))
    func add(_ events: Int, around: Int) -> RecordOutcome {
      let pad = String(repeating: "a", count: around)
      let list = Array(repeating: "{}", count: events).joined(separator: ",")
      let bytes = Array(#"{"kind":1,"id":"i","who":"\#(pad)","e":[\#(list)]}"#.utf8)
      return normalizer.add(bytes.span, at: .init(input: 0, offset: 0, length: UInt32(bytes.count), index: 0))
    }
    let time = ContinuousClock().measure { _ = add(2000, around: 10) }
    let taken = normalizer.take().batch
    #expect(Set((0..<taken.count).map { taken.idLow[$0] }).count == 2000)
    #expect(time < .seconds(10))
    guard case .rejected(.malformed("max_events")) = add(2000, around: 100_000) else {
      throw MapError(field: "", reason: "200 MB of rows from 100 kB")
    }
    #expect(normalizer.pending == 0)
  }

  @Test("what nobody recognises goes to the map that takes it otherwise")
  func otherwise() throws {
    var map = Map([.resource: [.init(value: "x")]])
    map.definition.otherwise = .init(anyOf: [[.init(expression: ". | pairs | before('=')", patterns: ["tool*"])]])
    #expect(try map.row(#"{"x":"y","tools":["a"]}"#)["resource"] == "y")
    #expect(try map.row(#"{"x":"y","stool":1}"#)["resource"] == nil)
  }

  @Test("the whole record stands in acts and in 'otherwise' only")
  func wholeRecord() {
    #expect(throws: MapError.self) { try Map.resource(". | pairs", #"{"kind":1}"#) }
  }

  @Test("an absent part makes a template absent")
  func absentPart() throws {
    #expect(try Map.resource("{a}/{b}", #"{"kind":1,"a":"x"}"#) == nil)
    #expect(try Map.resource("{a}/{b}", #"{"kind":1,"a":"x","b":""}"#) == nil)
  }

  @Test("only and except compare with globs and with the record itself")
  func filters() throws {
    let record = #"{"kind":1,"own":"a1","a":["a1","b2","b3"]}"#
    #expect(try Map.resource("a[*] | only('b*')", record) == "b2")
    #expect(try Map.resource("a[*] | except({own})", record) == "b2")
    #expect(try Map.resource("a[*] | except({own}, 'b2')", record) == "b3")
    #expect(try Map.resource("a[*] | only({own})", record) == "a1")
    #expect(try Map.resource("{a[*] | except({own})}!", record) == "b2!")
  }

  @Test(
    "account is the digits of an id or an ARN, and of nothing else",
    arguments: [
      ("123456789012", "123456789012"), ("arn:aws:iam::123456789012:root", "123456789012"),
      ("arn:aws:s3:::bucket", nil), ("events.amazonaws.com", nil), ("1234567890123", nil), ("*", nil),
    ])
  func account(text: String, expected: String?) throws {
    #expect(try Map.resource("a | account", #"{"kind":1,"a":"\#(text)"}"#) == expected)
  }

  @Test("a named value is its first alternative that has any")
  func named() throws {
    var map = Map([.resource: [.init(value: "<{$x}>")], .target: [.init(value: "$x | prefix('t')")]])
    map.definition.values = [("x", [.init(value: "a"), .init(value: "b[*]")])]
    #expect(try map.row(#"{"kind":1,"b":["1","2"]}"#)["resource"] == "<1>")
    #expect(try map.row(#"{"kind":1,"a":"0","b":["1"]}"#)["target"] == "t0")
    #expect(try map.row(#"{"kind":1}"#)["resource"] == nil)
  }

  @Test("a name that nobody defines is an error of the map")
  func undefined() {
    #expect(throws: MapError.self) { try Map.resource("$nobody", #"{"kind":1}"#) }
  }

  @Test("having asks for details of earlier acts")
  func having() throws {
    var map = Map([.action: [.init(value: "=do")]])
    var first = SourceDefinition.Act()
    first.actions = ["do"]
    first.details = [("word", [.init(value: "a[*]")])]
    var second = SourceDefinition.Act()
    second.actions = ["do"]
    second.having = [("word", ["x*", "!bad"])]
    second.facts = ["found"]
    map.definition.acts = [first, second]
    #expect(try map.row(#"{"kind":1,"a":["q","xy"]}"#)["facts"] == "found")
    #expect(try map.row(#"{"kind":1,"a":["xy","bad"]}"#)["facts"] == nil)
    #expect(try map.row(#"{"kind":1,"a":["q"]}"#)["facts"] == nil)
    #expect(try map.row(#"{"kind":1}"#)["facts"] == nil)
  }

  @Test("keys fold below arrays too")
  func folding() throws {
    var map = Map([.resource: [.init(value: "items[0].ARN")], .target: [.init(value: "items[keyName=k].ARN")]])
    map.definition.foldCase = true
    #expect(try map.row(#"{"kind":1,"items":[{"arn":"x"}]}"#)["resource"] == "x")
    #expect(try map.row(#"{"kind":1,"items":[{"keyname":"k","arn":"y"}]}"#)["target"] == "y")
    map.definition.foldCase = false
    #expect(try map.row(#"{"kind":1,"items":[{"arn":"x"}]}"#)["resource"] == nil)
  }

  @Test("a hostile record costs one row, not the batch")
  func manyDetails() throws {
    var map = Map([.action: [.init(value: "=do")]])
    var act = SourceDefinition.Act()
    act.actions = ["*"]
    act.details = [("word", [.init(value: "a[*]")])]
    map.definition.acts = [act]
    let many = (0..<5000).map { "\"\($0)\"" }.joined(separator: ",")
    let row = try map.row("{\"kind\":1,\"a\":[\(many)]}")
    #expect(row.fields.filter { $0.name == "detail.word" }.count == Normalizer.detailLimit)
  }

  @Test(
    "globs: stars, literal stars, anchors",
    arguments: [
      ("*", "", true), ("a*", "abc", true), ("*c", "abc", true), ("a*c", "abc", true), ("a*d", "abc", false),
      ("*b*", "abc", true), ("abc", "abc", true), ("abc", "abcd", false), (#"\*"#, "*", true), (#"\*"#, "x", false),
      (#"a\**"#, "a*bc", true), (#"a\**"#, "abc", false), ("*a*a*", "aXa", true), ("*aa*", "aba", false),
    ])
  func globs(pattern: String, text: String, fits: Bool) {
    #expect(Glob(pattern).matches(text) == fits)
  }
}
