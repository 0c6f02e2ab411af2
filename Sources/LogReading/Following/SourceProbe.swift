import EventModel

/// Reads what the tracker asks of a file. Opens it anew each time; the file must still be the one of the snapshot.
enum SourceProbe {
  /// Adds the answer to `answers`. `member`: where to begin inflating for a single known offset.
  static func answer(
    _ question: SourceQuestion, about snapshot: SourceSnapshot, member: MemberStart?, limits: StreamLimits,
    into answers: inout SourceAnswers
  ) {
    switch ByteStream.open(snapshot.path, beneath: snapshot.root, expecting: .growing, limits: limits) {
    case .failure(let failure): answers.failure = failure
    case .success(var stream):
      guard case .success(let status) = stream.status(), status.identity == snapshot.file else {
        // Replaced since it was listed. The next scan sees what is there then.
        answers.failure = .notFound
        return
      }
      switch question {
      case .prefix: readPrefix(of: &stream, into: &answers)
      case .markers(let offsets): readMarkers(of: &stream, at: offsets.sorted(), member: member, into: &answers)
      }
    }
  }

  private static func readPrefix(of stream: inout ByteStream, into answers: inout SourceAnswers) {
    var prefix: [UInt8] = []
    while prefix.count < SourceQuestion.prefixLength {
      guard case .bytes = stream.read(into: &prefix, limit: SourceQuestion.prefixLength - prefix.count) else { break }
    }
    answers.prefix = prefix
    answers.isGzip = stream.isGzip ?? false
    answers.isUnfinished = stream.integrity.state == .growing
  }

  private static func readMarkers(
    of stream: inout ByteStream, at offsets: [UInt64], member: MemberStart?, into answers: inout SourceAnswers
  ) {
    // Ascending, so that a gzip file is inflated once. The bytes of one marker may be needed for the next.
    var bytes: [UInt8] = []
    for offset in offsets {
      let start = Marker.start(of: offset)
      let length = Int(offset - start)
      let isFirst = offset == offsets[0]
      if isFirst || stream.isGzip != true {
        let from = stream.isGzip == false || offsets.count > 1 ? MemberStart() : member ?? MemberStart()
        bytes = []
        guard case .bytes = stream.skip(to: StreamPosition(decompressedOffset: start, member: from)) else {
          answers.markers[offset] = .shorter
          continue
        }
      }
      answers.markers[offset] = read(length, endingAt: offset, of: &stream, window: &bytes)
    }
  }

  /// Reads on to `offset`, keeping the last bytes in `window`.
  private static func read(
    _ length: Int, endingAt offset: UInt64, of stream: inout ByteStream, window: inout [UInt8]
  ) -> SourceAnswers.Marker {
    while stream.decompressedOffset < offset {
      let limit = Int(min(64 << 10, offset - stream.decompressedOffset))
      guard case .bytes = stream.read(into: &window, limit: limit) else { return .shorter }
      if window.count > length, stream.decompressedOffset < offset {
        window.removeFirst(window.count - min(length, Marker.length))
      }
    }
    guard window.count >= length else { return .shorter }
    return .digest(Digest.of([UInt8](window.suffix(length))))
  }
}
