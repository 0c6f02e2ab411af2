/// What the reader of files has to do after a verdict.
public enum SourceAction: Hashable, Sendable {
  /// It may have unread bytes: read on, opening it at its checkpoint if need be.
  case read(SourceRecord.ID)
  /// Its file is another source now: close it. Its last line, if unfinished, is not delivered.
  case close(SourceRecord.ID)
  /// Out of sight: read the open descriptor to its end.
  case drain(SourceRecord.ID)
  case tell(FollowEvent)
}
