extension LogFollower {
  /// One look at all directories.
  mutating func scan() {
    let started = SystemCalls.monotonicNanoseconds
    marks.refresh()
    let listing = InputListing(roots)
    marks.learn(listing, roots: roots)
    tell(listing.skipped)
    let snapshots = snapshots(of: listing)
    let seen = Set(snapshots.map(\.file))

    let isShadow = { (file: FileIdentity, tracker: borrowing SourceTracker) in
      tracker.record(of: file)?.state == .shadow
    }
    let new = snapshots.filter { tracker.record(of: $0.file) == nil }
    let known = snapshots.filter { tracker.record(of: $0.file) != nil && !isShadow($0.file, tracker) }
    for snapshot in new { judge(snapshot, seen) }
    for snapshot in known { judge(snapshot, seen) }
    for snapshot in snapshots where isShadow(snapshot.file, tracker) { judge(snapshot, seen) }

    let unlisted = listing.skipped.filter { if case .failed = $0.reason { true } else { false } }
    perform(
      tracker.applyMissing(seen: seen, open: Set(open.keys), afterRestart: scans == 0) { path in
        unlisted.contains { path.relative(to: $0.path) != nil || (path == $0.path && $0.reason != .failed(.notFound)) }
      })
    scans += 1
    let cost = SystemCalls.monotonicNanoseconds - started
    soonestScan = now + max(options.scanInterval / 10, cost * 10)
    nextScan = now + max(options.scanInterval, cost * 50)
  }

  private func snapshots(of listing: InputListing) -> [SourceSnapshot] {
    var aliases: [LogPath: [LogPath]] = [:]
    for skipped in listing.skipped {
      if case .hardLink(let first) = skipped.reason { aliases[first, default: []].append(skipped.path) }
    }
    return listing.files.map { SourceSnapshot($0, aliases: aliases[$0.path] ?? []) }
  }

  private mutating func judge(_ snapshot: SourceSnapshot, _ seen: Set<FileIdentity>) {
    var answers = SourceAnswers()
    let known = tracker.record(of: snapshot.file)
    let isOpen = known.map { open[$0.id] != nil } ?? false
    while true {
      switch tracker.judge(snapshot, answers: answers, seen: seen, isOpen: isOpen) {
      case .ask(let question):
        SourceProbe.answer(
          question, about: snapshot, member: known?.checkpoint.member, limits: options.limits, into: &answers)
      case .verdict(.unreadable(.notFound)): return
      case .verdict(let verdict):
        let actions = tracker.apply(verdict, to: snapshot, answers: answers, seen: seen)
        if let id = tracker.record(of: snapshot.file)?.id { rootOf[id] = snapshot.root }
        perform(actions)
        return
      }
    }
  }

  private mutating func perform(_ actions: [SourceAction]) {
    for action in actions {
      switch action {
      case .read(let id): wake(id)
      case .close(let id): close(id)
      case .drain(let id):
        settling[id] = now
        enqueue(id)
      case .tell(.unreadable(let path, let failure)):
        if told.insert(.unreadable(path, failure)).inserted { events.append(.unreadable(path, failure)) }
      case .tell(let event): events.append(event)
      }
    }
  }

  /// Reads it unless all of it, as it is now, has been read.
  private mutating func wake(_ id: SourceRecord.ID) {
    guard let record = tracker.records[id] else { return }
    if let read = readUpTo[id], read.size == record.size, read.changed == record.changed {
      if record.isRotated, settling[id] == nil { settling[id] = now }
      return
    }
    readUpTo[id] = nil
    // Read to its end, and its end is expected: the look at it must not put that off.
    if settling[id] != nil, open[id]?.caughtUpAt == record.size { return }
    settling[id] = nil
    enqueue(id)
  }

  mutating func close(_ id: SourceRecord.ID) {
    open[id] = nil
    settling[id] = nil
    readUpTo[id] = nil
    if isReady.remove(id) != nil { ready.removeAll { $0 == id } }
  }

  /// Each of them once, until it changes.
  private mutating func tell(_ skipped: [SkippedInput]) {
    for item in skipped {
      let event: FollowEvent
      if roots.contains(item.path), case .failed(let failure) = item.reason {
        event = .directoryMissing(item.path, failure)
      } else {
        event = .skipped(item)
      }
      if told.insert(event).inserted { events.append(event) }
    }
    // What can be listed again is told again when it vanishes again.
    let now = Set(skipped.map(\.path))
    told = told.filter { event in
      switch event {
      case .directoryMissing(let path, _): now.contains(path)
      case .skipped(let item): now.contains(item.path)
      default: true
      }
    }
  }
}
