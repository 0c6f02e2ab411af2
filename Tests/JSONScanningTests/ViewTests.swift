import JSONScanning
import Testing

@Suite struct ViewTests {
  func elements(of text: String) -> [(kind: FieldSlot.Kind, text: String)] {
    let bytes = Array("{\"a\":\(text)}".utf8)
    let slot = Scan(bytes, trie("a")).slots[0]
    return withExactCopy(of: bytes) { buffer in
      var view = JSONArrayView(buffer, slot)
      var found: [(FieldSlot.Kind, String)] = []
      while let next = view.next() { found.append((next.kind, String(decoding: bytes[next.range], as: UTF8.self))) }
      #expect(view.next() == nil)
      return found
    }
  }

  func members(of text: String) -> [(key: String, value: String)] {
    let bytes = Array("[0]\(text)".utf8)
    let slot = Scan(bytes, trie(""), from: 3).slots[0]
    return withExactCopy(of: bytes) { buffer in
      var view = JSONObjectView(buffer, slot)
      var found: [(String, String)] = []
      while let next = view.next() {
        found.append(
          (
            String(decoding: bytes[next.key.range], as: UTF8.self),
            String(decoding: bytes[next.value.range], as: UTF8.self)
          ))
      }
      return found
    }
  }

  @Test("the elements of an array, in order and of their kinds") func array() {
    let found = elements(of: #"[ "a","b\"]" , -1.5, true ,false,null,{"x":[1,{"]":"}"}]},[[],[2]],"" ]"#)
    #expect(found.map(\.kind) == [.string, .escapedString, .number, .true, .false, .null, .object, .array, .string])
    #expect(
      found.map(\.text) == ["a", #"b\"]"#, "-1.5", "true", "false", "null", #"{"x":[1,{"]":"}"}]}"#, "[[],[2]]", ""])
  }

  @Test("empty arrays have no elements", arguments: ["[]", "[ ]", "[\n\t]"])
  func emptyArray(text: String) { #expect(elements(of: text).isEmpty) }

  @Test("other kinds have no elements", arguments: ["{}", "{\"a\":1}", "\"[1]\"", "12", "null"])
  func noArray(text: String) {
    #expect(elements(of: text).isEmpty)
    let bytes = Array(text.utf8)
    withExactCopy(of: bytes) { buffer in
      var absent = JSONArrayView(buffer, .absent)
      #expect(absent.next() == nil)
      var wrong = JSONObjectView(buffer, FieldSlot(offset: 0, length: UInt32(bytes.count), kind: .array))
      #expect(wrong.next() == nil)
    }
  }

  @Test("the members of an object, in order, doubled keys included") func object() {
    let found = members(of: #"{"a":1, "b\n" : "x" ,"":{"c":[]},"a":2 , "k":[{},"]"]}"#)
    #expect(found.map(\.key) == ["a", #"b\n"#, "", "a", "k"])
    #expect(found.map(\.value) == ["1", "x", #"{"c":[]}"#, "2", #"[{},"]"]"#])
    #expect(members(of: "{}").isEmpty)
    #expect(members(of: "{ }").isEmpty)
  }

  @Test("long strings and text beyond ASCII pass through") func longStrings() {
    let long = String(repeating: "é\\n0123456789", count: 40)
    let found = elements(of: "[\"\(long)\",\"x\"]")
    #expect(found.map(\.text) == [long, "x"])
  }

  @Test("views can be nested") func nested() {
    let bytes = Array(#"{"Statement":[{"Effect":"Allow"},{"Effect":"Deny"}]}"#.utf8)
    let slot = Scan(bytes, trie("Statement")).slots[0]
    withExactCopy(of: bytes) { buffer in
      var effects: [String] = []
      var statements = JSONArrayView(buffer, slot)
      while let statement = statements.next() {
        var fields = JSONObjectView(buffer, statement)
        while let field = fields.next() { effects.append(String(decoding: bytes[field.value.range], as: UTF8.self)) }
      }
      #expect(effects == ["Allow", "Deny"])
    }
  }

  @Test("a view on other bytes than the slot's gives nonsense, but reads nothing outside") func mismatch() {
    let bytes = Array(richRecord.utf8)
    var numbers = SeededNumbers(state: 11)
    for _ in 0..<2_000 {
      let kind: FieldSlot.Kind = Bool.random(using: &numbers) ? .array : .object
      let slot = FieldSlot(
        offset: UInt32.random(in: 0...2_000, using: &numbers), length: UInt32.random(in: 0...2_000, using: &numbers),
        kind: kind)
      withExactCopy(of: Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &numbers)))) { buffer in
        var steps = 0
        var array = JSONArrayView(buffer, slot)
        while array.next() != nil { steps += 1 }
        var object = JSONObjectView(buffer, slot)
        while object.next() != nil { steps += 1 }
        #expect(steps <= 2 * bytes.count)
      }
    }
  }
}
