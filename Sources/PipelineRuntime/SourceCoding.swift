import EventModel
import LogReading

/// The follower's record of a source as bytes, to go on exactly there after a restart.
enum SourceCoding {
  private static let version: UInt8 = 1

  static func encode(_ s: SourceRecord) -> [UInt8] {
    var w = ByteWriter()
    w.put(version)
    w.put(s.id)
    w.put(s.path.bytes)
    w.put(s.file.device)
    w.put(s.file.inode)
    w.put(s.file.born)
    w.put(s.size)
    w.put(s.changed)
    w.put(UInt8(s.isGzip ? 1 : 0))
    w.put(UInt32(s.prefixLength))
    w.put(s.prefixHash.bytes)
    encode(s.checkpoint, &w)
    w.put(s.inheritedBytes)
    w.put(s.state.rawValue)
    w.put(UInt8(s.shadowOf == nil ? 0 : 1))
    w.put(s.shadowOf ?? 0)
    w.put(UInt8(s.isRotated ? 1 : 0))
    // Behind all that earlier versions know.
    w.put(s.checkpoint.frame.head)
    return w.bytes
  }

  private static func encode(_ c: Checkpoint, _ w: inout ByteWriter) {
    w.put(c.frame.offset)
    w.put(c.frame.recordIndex)
    w.put(c.frame.shape.rawValue)
    w.put(c.frame.context.rawValue)
    w.put(c.frame.envelope)
    w.put(c.member.compressedOffset)
    w.put(c.member.decompressedOffset)
    w.put(c.member.index)
    w.put(c.marker.bytes)
    for count in [
      c.counts.eventBytes, c.counts.framingBytes, c.counts.malformedBytes, c.counts.oversizeBytes, c.counts.nulBytes,
      c.counts.blankBytes, c.counts.records, c.counts.rejections, c.counts.oversizeRecords, c.counts.documents,
      c.counts.unclosedDocuments,
    ] { w.put(count) }
  }

  /// nil where the bytes are of another version or damaged: the source is then read from its beginning, and
  /// de-duplication takes care of what was read.
  static func decode(_ bytes: [UInt8]) -> SourceRecord? {
    var r = ByteReader(bytes)
    guard r.get(UInt8.self) == version else { return nil }
    let id = r.get(UInt64.self)
    let path = LogPath(bytes: r.getBytes())
    let file = FileIdentity(device: r.get(), inode: r.get(), born: r.get())
    let size = r.get(UInt64.self)
    let changed = r.get(Int64.self)
    let isGzip = r.get(UInt8.self) == 1
    let prefixLength = Int(r.get(UInt32.self))
    let prefix = Digest(bytes: r.getBytes())
    let checkpoint = checkpoint(&r)
    let inherited = r.get(UInt64.self)
    let state = SourceRecord.State(rawValue: r.get())
    let hasShadow = r.get(UInt8.self) == 1
    let shadow = r.get(UInt64.self)
    let isRotated = r.get(UInt8.self) == 1
    let head = r.isAtEnd ? [] : r.getBytes()
    guard r.isSound, let prefix, var checkpoint, let state else { return nil }
    checkpoint.frame.head = head
    return SourceRecord(
      id: id, path: path, file: file, size: size, changed: changed, isGzip: isGzip, prefixLength: prefixLength,
      prefixHash: prefix, checkpoint: checkpoint, inheritedBytes: inherited, state: state,
      shadowOf: hasShadow ? shadow : nil, isRotated: isRotated)
  }

  private static func checkpoint(_ r: inout ByteReader) -> Checkpoint? {
    let offset = r.get(UInt64.self)
    let index = r.get(UInt32.self)
    let shape = FrameShape(rawValue: r.get())
    let context = FrameContext(rawValue: r.get())
    let envelope = r.getBytes()
    let member = MemberStart(compressedOffset: r.get(), decompressedOffset: r.get(), index: r.get())
    let marker = Digest(bytes: r.getBytes())
    var counts = FrameCounts()
    counts.eventBytes = r.get()
    counts.framingBytes = r.get()
    counts.malformedBytes = r.get()
    counts.oversizeBytes = r.get()
    counts.nulBytes = r.get()
    counts.blankBytes = r.get()
    counts.records = r.get()
    counts.rejections = r.get()
    counts.oversizeRecords = r.get()
    counts.documents = r.get()
    counts.unclosedDocuments = r.get()
    guard let shape, let context, let marker else { return nil }
    let frame = FramePosition(offset: offset, recordIndex: index, shape: shape, context: context, envelope: envelope)
    return Checkpoint(frame: frame, member: member, marker: marker, counts: counts)
  }
}
