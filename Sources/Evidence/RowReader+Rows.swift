import EventModel

// Rows in the order of their table's columns.

extension MemoryRow {
  init(_ r: inout RowReader) {
    self.init(
      kind: r.int(), key: r.blob(), firstDay: Int32(truncatingIfNeeded: r.int()),
      lastDay: Int32(truncatingIfNeeded: r.int()), days: UInt64(bitPattern: r.int()), count: r.int())
  }
}

extension WindowBatchRow {
  init(_ r: inout RowReader) {
    self.init(seq: r.int(), minTime: r.int(), maxTime: r.int(), rows: r.int(), body: r.blob(), raw: r.blob())
  }
}

extension SourceRow {
  init(_ r: inout RowReader) {
    self.init(id: r.int(), path: r.text())
    log = r.text()
    (device, inode) = (UInt64(bitPattern: r.int()), UInt64(bitPattern: r.int()))
    (prefixLength, prefixHash, markerHash) = (r.int(), r.blob(), r.blob())
    (plainOffset, gzipMemberOffset, gzipMemberIndex) = (r.int(), r.int(), r.int())
    (gzipMemberPlainOffset, recordIndex) = (r.int(), r.int())
    (shape, state) = (r.text(), r.text())
    (firstEvent, lastEvent, contentHash) = (r.time(), r.time(), r.text())
    position = r.blob()
    counters.values = SourceCounters.names.map { _ in r.int() }
  }
}

extension RejectRow {
  init(_ r: inout RowReader) {
    self.init(path: r.text(), reason: r.text(), count: r.int(), firstOffset: r.int(), sampleHash: r.text())
  }
}

extension GapRow {
  static let order = "path, from_ns, from_offset, reason, to_ns, to_offset"

  init(_ r: inout RowReader) {
    self.init(path: r.text(), reason: r.text())
    (fromOffset, toOffset) = (r.optionalInt(), r.optionalInt())
    (fromTime, toTime, detail) = (r.time(), r.time(), r.text())
  }
}

extension CredentialRow {
  init(_ r: inout RowReader) {
    self.init(id: r.text())
    (kind, holder, parent, root) = (r.text(), r.text(), r.text(), r.text())
    (depth, grade, mechanism) = (r.int(), Grade(named: r.text()), r.text())
    (issuedAt, expiresAt) = (r.time(), r.time())
    (firstUsed, lastUsed) = (r.time(), r.time())
    (uses, denied, attestor, tenant) = (r.int(), r.int(), r.text(), r.text())
    (verbs, origins, logs) = (r.counts(), r.json()?.texts ?? [], r.json()?.texts ?? [])
    (lastActed, lastAction) = (r.time(), r.text())
  }
}

extension LineageEdgeRow {
  init(_ r: inout RowReader) {
    self.init(
      child: r.text(), parent: r.text(), mechanism: r.text(), grade: Grade(named: r.text()),
      joinedOn: r.json()?.texts ?? [], time: r.time(), source: r.text())
  }
}

extension IdentityRow {
  init(_ r: inout RowReader) {
    self.init(id: r.text())
    (name, kind, source, tenant, owner) = (r.text(), r.text(), r.text(), r.text(), r.optionalText())
    (firstUsed, lastUsed, events, denied) = (r.time(), r.time(), r.int(), r.int())
    (services, origins) = (r.json()?.texts ?? [], r.json()?.texts ?? [])
    (verbs, credentialKinds) = (r.counts(), r.json()?.texts ?? [])
    (isAttested, isInteractive, lastPrivileged) = (r.int() != 0, r.int() != 0, r.time())
  }
}

extension CustodyEntry {
  init(_ r: inout RowReader) {
    self.init(n: r.int(), at: r.text(), actor: r.text(), action: r.text(), args: r.text(), prev: r.text())
    hash = r.text()
  }
}
