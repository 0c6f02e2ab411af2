import CZlib
import LogReading
import Testing

@Suite struct RecordReaderTests {
  let directory = TemporaryDirectory()

  private func records(
    _ name: String, chunkSize: Int = 1 << 20, from start: Checkpoint? = nil, endOffset: UInt64 = .max
  ) -> [String] {
    guard case .success(let stream) = ByteStream.open(directory.file(name)) else { return ["not opened"] }
    let framer = RecordFramer(envelopeKeys: envelopeKeys, resumeAt: start?.frame)
    var reader = RecordReader(stream, framer: framer, chunkSize: chunkSize, endOffset: endOffset)
    if let start, case .failure = reader.resume(at: start) { return ["not resumed"] }
    var chunk = RecordChunk()
    var found: [String] = []
    while true {
      let result = reader.next(into: &chunk)
      found += chunk.records.map { String(decoding: chunk.bytes(of: $0), as: UTF8.self) }
      guard result == .records else { return result == .end ? found : found + ["\(result)"] }
    }
  }

  @Test func chunkSizesDoNotMatter() {
    let document = "{\"Records\":[" + (0..<300).map { line($0) }.joined(separator: ",") + "]}"
    directory.write(lines(0..<300), to: "a.log")
    directory.write(document, to: "b.json")
    for (name, packed) in [("a.log", "a.gz"), ("b.json", "b.gz")] {
      let bytes = directory.read(name)
      directory.write(gzip([UInt8](bytes[..<5000])) + gzip([UInt8](bytes[5000...])), to: packed)
    }
    for name in ["a.log", "a.gz", "b.json", "b.gz"] {
      for size in [100, 999, 1 << 20] { #expect(records(name, chunkSize: size) == (0..<300).map { line($0) }) }
    }
  }

  @Test func slicesOfAFileMakeTheFile() {
    directory.write(lines(0..<1000), to: "a.log")
    for count in [1, 2, 3, 7, 50] {
      let slices = LineSlices.cut(directory.file("a.log"), into: count)
      #expect(slices.count == count && slices.first?.lowerBound == 0)
      let found = slices.flatMap { slice in
        records(
          "a.log", from: Checkpoint(frame: FramePosition(offset: slice.lowerBound, shape: .lines)),
          endOffset: slice.upperBound)
      }
      #expect(found == (0..<1000).map { line($0) })
    }
  }

  @Test func anOversizeLineInConstantMemory() {
    directory.write(lines(0..<1) + String(repeating: "x", count: 30 << 20) + "\n" + lines(1..<2), to: "a.log")
    #expect(records("a.log") == [line(0), line(1)])
  }
}
