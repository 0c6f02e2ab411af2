import EventModel

extension SourceTracker {
  /// Takes a verdict into the records. Returns what to do. `seen` as in `judge`.
  public mutating func apply(
    _ verdict: SourceVerdict, to snapshot: SourceSnapshot, answers: SourceAnswers, seen: Set<FileIdentity>
  ) -> [SourceAction] {
    if verdict != .wait { waiting[snapshot.file] = nil }
    switch verdict {
    case .wait:
      waiting[snapshot.file] = snapshot.size
      return []
    case .unreadable(let failure): return [.tell(.unreadable(snapshot.path, failure))]
    case .new:
      let id = create(snapshot, answers)
      return [.tell(.started(id, snapshot.path)), .read(id)]
    case .inherits(let from): return inherit(from, snapshot, answers, seen)
    case .same(let id): return keep(id, snapshot, answers)
    case .truncated(let id): return replace(id, .truncated, snapshot, answers)
    case .rewritten(let id): return replace(id, .rewritten, snapshot, answers)
    case .advances(let id):
      guard let original = records[id]?.shadowOf.flatMap({ records[$0] }) else { return [] }
      update(id) { record in
        record.take(original.checkpoint)
        record.note(snapshot)
      }
      return []
    case .standsAlone(let id):
      let original = records[id]?.shadowOf
      update(id) { record in
        record.state = .active
        record.shadowOf = nil
        record.note(snapshot)
      }
      return retire(original, for: id, seen) + [.read(id)]
    }
  }

  private mutating func create(_ snapshot: SourceSnapshot, _ answers: SourceAnswers) -> SourceRecord.ID {
    let prefix = answers.prefix ?? []
    let record = SourceRecord(
      id: nextID(), path: snapshot.path, file: snapshot.file, size: snapshot.size, changed: snapshot.changed,
      isGzip: answers.isGzip, prefixLength: prefix.count, prefixHash: Digest.of(prefix))
    insert(record)
    changedIDs.insert(record.id)
    return record.id
  }

  private mutating func inherit(
    _ from: SourceRecord.ID, _ snapshot: SourceSnapshot, _ answers: SourceAnswers, _ seen: Set<FileIdentity>
  ) -> [SourceAction] {
    guard let original = records[from] else { return [] }
    let id = create(snapshot, answers)
    let isThere = original.isCurrent && seen.contains(original.file)
    update(id) { record in
      record.take(original.checkpoint)
      // A copy beside its original, or what an original has become: either way the writer is elsewhere. A file that
      // took its original's name may still be written to.
      record.isRotated = record.path != original.path
      if isThere {
        record.state = .shadow
        record.shadowOf = from
      }
    }
    let told: [SourceAction] = [.tell(.started(id, snapshot.path)), .tell(.inherited(id, from: from))]
    return isThere ? told : told + retire(from, for: id, seen) + [.read(id)]
  }

  /// The original is gone from sight and `heir` reads on: it must not deliver its unfinished last line too.
  private mutating func retire(_ id: SourceRecord.ID?, for heir: SourceRecord.ID, _ seen: Set<FileIdentity>)
    -> [SourceAction]
  {
    guard let id, let original = records[id], original.isCurrent, !seen.contains(original.file) else { return [] }
    update(id) { $0.state = .inherited }
    return [.close(id)]
  }

  private mutating func keep(_ id: SourceRecord.ID, _ snapshot: SourceSnapshot, _ answers: SourceAnswers)
    -> [SourceAction]
  {
    guard let old = records[id] else { return [] }
    let isRenamed = old.path != snapshot.path && !snapshot.aliases.contains(old.path)
    let hasChanged = snapshot.size != old.size || snapshot.changed != old.changed
    update(id) { record in
      record.note(snapshot)
      if isRenamed {
        record.path = snapshot.path
        record.isRotated = true
      }
      switch record.state {
      case .gone, .draining: record.state = .active
      // A rename changes the time of change too; only bytes wake it up.
      case .complete, .quarantined: if snapshot.size != old.size { record.state = .active }
      default: break
      }
      if let prefix = answers.prefix, prefix.count > record.prefixLength {
        record.prefixLength = prefix.count
        record.prefixHash = Digest.of(prefix)
        record.isGzip = answers.isGzip
      }
    }
    guard let record = records[id], record.state == .active else { return [] }
    let told: [SourceAction] = isRenamed ? [.tell(.renamed(id, from: old.path, to: snapshot.path))] : []
    let mayRead = hasChanged || old.state != .active || record.isGzip || record.size > record.offset
    return mayRead ? told + [.read(id)] : told
  }

  private mutating func replace(
    _ id: SourceRecord.ID, _ state: SourceRecord.State, _ snapshot: SourceSnapshot, _ answers: SourceAnswers
  ) -> [SourceAction] {
    guard let old = records[id] else { return [] }
    let hasCopy = records.values.contains { $0.shadowOf == id }
    update(id) { $0.state = state }
    let new = create(snapshot, answers)
    var actions: [SourceAction] = [.close(id)]
    actions.append(.tell(state == .truncated ? .truncated(id, by: new) : .rewritten(id, by: new)))
    if !hasCopy, old.state != .gone, !old.isGzip, old.size > old.offset {
      let reason: SourceGap.Reason = state == .truncated ? .truncated : .rewritten
      actions.append(.tell(.gap(SourceGap(source: id, reason: reason, from: old.offset, to: old.size))))
    }
    return actions + [.read(new)]
  }

  /// After all files were judged: sources that were not seen. `open`: those a reader holds. `hidden`: below directories
  /// that could not be listed, which proves nothing. `afterRestart`: nobody looked for a while.
  public mutating func applyMissing(
    seen: Set<FileIdentity>, open: Set<SourceRecord.ID>, afterRestart: Bool, hidden: (LogPath) -> Bool
  ) -> [SourceAction] {
    waiting = waiting.filter { seen.contains($0.key) }
    var actions: [SourceAction] = []
    for id in records.keys.sorted() {
      guard let record = records[id], record.isCurrent, !seen.contains(record.file), !hidden(record.path) else {
        continue
      }
      if open.contains(id) {
        guard record.state != .draining else { continue }
        update(id) { $0.state = .draining }
        actions.append(.drain(id))
      } else if waiting.isEmpty {
        // Something that is still being copied or compressed may turn out to be its heir.
        update(id) { $0.state = .gone }
        let isWhole = record.state == .complete || record.state == .quarantined || record.state == .shadow
        // Read to its end when last looked at: only a writer that nobody watched can have added to it.
        let wasRead = !record.isGzip && record.size <= record.offset
        guard !isWhole, !wasRead || (afterRestart && !record.isRotated) else { continue }
        let end = record.isGzip || record.size <= record.offset ? nil : record.size
        actions.append(.tell(.gap(SourceGap(source: id, reason: .gone, from: record.offset, to: end))))
      }
    }
    return actions
  }

  /// What was read of a source. To be stored with what was found in it.
  public mutating func advance(_ id: SourceRecord.ID, to checkpoint: Checkpoint) {
    update(id) { $0.checkpoint = checkpoint }
  }

  public mutating func setState(_ state: SourceRecord.State, of id: SourceRecord.ID) {
    update(id) { $0.state = state }
  }
}

extension SourceRecord {
  fileprivate mutating func note(_ snapshot: SourceSnapshot) {
    size = snapshot.size
    changed = snapshot.changed
  }

  /// Goes on from another source's place: the same content, in a file of its own members.
  fileprivate mutating func take(_ other: Checkpoint) {
    checkpoint = other
    checkpoint.member = MemberStart()
    checkpoint.counts = FrameCounts()
    inheritedBytes = other.frame.offset
  }
}
