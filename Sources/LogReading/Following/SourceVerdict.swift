/// Which source a file is: the rows of the decision table.
public enum SourceVerdict: Hashable, Sendable {
  /// The source it was, under this name or a new one.
  case same(SourceRecord.ID)
  /// Shorter than what was read of it.
  case truncated(SourceRecord.ID)
  /// Other content in the same inode.
  case rewritten(SourceRecord.ID)
  /// Renamed across file systems, copied, compressed or restored: it goes on from that source's offset.
  case inherits(SourceRecord.ID)
  /// Never seen. Read from the beginning.
  case new
  /// A copy whose original has moved on and still agrees with it: its offset moves along.
  case advances(SourceRecord.ID)
  /// A copy that is to be read itself now.
  case standsAlone(SourceRecord.ID)
  /// A copy or compression in progress: look again at the next scan.
  case wait
  case unreadable(ReadFailure)
}

/// A step towards a verdict: answer the question and judge again, with all answers so far.
public enum SourceJudgement: Hashable, Sendable {
  case ask(SourceQuestion)
  case verdict(SourceVerdict)
}
