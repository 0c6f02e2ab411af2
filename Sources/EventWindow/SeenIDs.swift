import EventModel

/// Which event ids were seen, and with what content: 16 bytes a slot, three
/// quarters full at most.
///
/// The id is a 64-bit hash, the content hash is keyed: somebody who crafts equal ids gets a conflict (both kept), never a
/// suppressed event.
struct SeenIDs {
  enum Verdict { case new, duplicate, conflict }
  private var ids: [UInt64] = Array(repeating: 0, count: 1 << 12)
  private var contents: [UInt64] = Array(repeating: 0, count: 1 << 12)
  private var count = 0

  var byteCount: Int { ids.count * 16 }

  mutating func insert(_ rawID: UInt64, _ content: UInt64) -> Verdict {
    let id = rawID == 0 ? 1 : rawID
    if count * 4 >= ids.count * 3 { grow() }
    let mask = ids.count - 1
    var at = Int(truncatingIfNeeded: ByteHash.process.mix(id, 7)) & mask
    var conflict = false
    while ids[at] != 0 {
      if ids[at] == id {
        if contents[at] == content { return .duplicate }
        conflict = true
      }
      at = (at &+ 1) & mask
    }
    ids[at] = id
    contents[at] = content
    count += 1
    return conflict ? .conflict : .new
  }

  private mutating func grow() {
    let oldIDs = ids
    let oldContents = contents
    ids = Array(repeating: 0, count: oldIDs.count * 2)
    contents = Array(repeating: 0, count: oldIDs.count * 2)
    let mask = ids.count - 1
    for (n, id) in oldIDs.enumerated() where id != 0 {
      var at = Int(truncatingIfNeeded: ByteHash.process.mix(id, 7)) & mask
      while ids[at] != 0 { at = (at &+ 1) & mask }
      ids[at] = id
      contents[at] = oldContents[n]
    }
  }
}
