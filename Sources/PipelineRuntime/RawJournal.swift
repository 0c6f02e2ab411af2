import EventModel
import LogReading

/// The records of one journal batch, redacted and compressed, so that evidence does not depend on files that rotate away.
struct RawJournal {
  struct Record {
    var input: UInt32
    var offset: UInt64
    var index: UInt32
    var sha256: Digest
    var eventID: [UInt8]
    var redacted: [UInt8]
    /// Of a record that holds several events; see ``RecordInspector/Inspection``.
    var partIDs: [String: String] = [:]

    /// The id to show for a citation whose dedup id is `id`; nil where there is none.
    func eventID(of id: String) -> String? {
      let shown = partIDs.isEmpty ? String(decoding: eventID, as: UTF8.self) : partIDs[id] ?? ""
      return shown.isEmpty ? nil : shown
    }
  }

  private(set) var records: [Record] = []

  init() {}

  mutating func append(_ record: Record) { records.append(record) }

  func encoded() -> [UInt8] {
    var w = ByteWriter()
    w.put(UInt32(records.count))
    for r in records {
      w.put(r.input)
      w.put(r.offset)
      w.put(r.index)
      w.put(r.sha256.bytes)
      w.put(r.eventID)
      w.put(r.redacted)
    }
    // Behind the records, and only where there are any: batches of earlier versions end before.
    let split = records.indices.filter { !records[$0].partIDs.isEmpty }
    if !split.isEmpty { w.put(UInt32(split.count)) }
    for n in split {
      w.put(UInt32(n))
      w.put(UInt32(records[n].partIDs.count))
      for (id, shown) in records[n].partIDs.sorted(by: { $0.key < $1.key }) {
        w.put(Array(id.utf8))
        w.put(Array(shown.utf8))
      }
    }
    var framed = ByteWriter()
    framed.put(UInt32(w.bytes.count))
    framed.put(Compression.deflate(w.bytes))
    return framed.bytes
  }

  init?(_ bytes: [UInt8]) {
    var frame = ByteReader(bytes)
    let count = Int(frame.get(UInt32.self))
    guard let plain = Compression.inflate(frame.getBytes(), count: count) else { return nil }
    var r = ByteReader(plain)
    for _ in 0..<r.getCount(of: 60) {
      let input = r.get(UInt32.self)
      let offset = r.get(UInt64.self)
      let index = r.get(UInt32.self)
      guard let digest = Digest(bytes: r.getBytes()) else { return nil }
      records.append(
        Record(
          input: input, offset: offset, index: index, sha256: digest, eventID: r.getBytes(), redacted: r.getBytes()))
    }
    if !r.isAtEnd {
      for _ in 0..<r.getCount(of: 8) {
        let n = Int(r.get(UInt32.self))
        for _ in 0..<r.getCount(of: 8) {
          let id = String(decoding: r.getBytes(), as: UTF8.self)
          let shown = String(decoding: r.getBytes(), as: UTF8.self)
          if n < records.count { records[n].partIDs[id] = shown }
        }
      }
    }
    if !r.isSound { return nil }
  }

  mutating func renumber(_ change: (UInt32) -> UInt32) {
    for n in records.indices { records[n].input = change(records[n].input) }
  }

  func find(input: UInt32, offset: UInt64, index: UInt32) -> Record? {
    records.first { $0.input == input && $0.offset == offset && $0.index == index }
  }
}
