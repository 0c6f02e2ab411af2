import EventModel
import EventWindow
import Testing

@testable import Detection

/// State that fixtures cannot reach: routine reads, runs that teach, the bound of findings.
@Suite struct ScopeDetectionTests {
  private let dictionaries = {
    var d = EventDictionaries()
    for word in ["secret", "reader"] { _ = d.symbols.intern(word) }
    return d
  }()

  private func moment(_ time: Int64, secret: Symbol, _ dictionaries: inout EventDictionaries) -> Moment {
    var subject = Subject()
    subject.name = dictionaries.symbols.find(Array("reader".utf8))!
    var operation = Operation()
    operation.verb = .secretRead
    var event = Event()
    event.time = time
    event.resource = secret
    event.subject = dictionaries.subjects.intern(subject)
    event.origin = dictionaries.origins.intern(Origin())
    event.operation = dictionaries.operations.intern(operation)
    return Moment(event, Row(batch: 0, row: 0), EventWindow(dictionaries: dictionaries))
  }

  @Test func aSecretIsRoutineAfterThreeHoursAndTellsItOnce() {
    var d = dictionaries
    let secrets = (0..<4).map { d.symbols.intern("s\($0)") }
    let reader = d.symbols.find(Array("reader".utf8))!
    var routine = SecretRoutine()
    for hour in 0..<3 {
      for secret in secrets {
        routine.survey(moment(Int64(hour) * Timestamp.hour, secret: secret, &d), [], d)
        routine.survey(moment(Int64(hour) * Timestamp.hour + 1, secret: secret, &d), [], d)
      }
      #expect(routine.isRoutine(reader, secrets[0]) == (hour == 2))
    }
    #expect(routine.learned == 4)
    for secret in secrets { routine.survey(moment(9 * Timestamp.hour, secret: secret, &d), [], d) }
    #expect(routine.learned == 4)
  }

  @Test func aSlowReaderNeverMakesRowsBeJudgedAgain() {
    var d = dictionaries
    let secret = d.symbols.intern("only")
    var routine = SecretRoutine()
    for hour in 0..<6 { routine.survey(moment(Int64(hour) * Timestamp.hour, secret: secret, &d), [], d) }
    #expect(routine.learned == 0)
    #expect(routine.isRoutine(d.symbols.find(Array("reader".utf8))!, secret))
  }

  @Test func toolsAreNamedByToolServerOrBoth() {
    var operation = Operation()
    var window = EventWindow()
    operation.action = window.dictionaries.symbols.intern("tool:send_mail")
    operation.service = window.dictionaries.symbols.intern("mail")
    let facts = FactVocabulary(names: [])
    let judgement = Judgement(
      window: window, survey: Survey(configuration: DetectionConfiguration(), oneVPC: [], facts: facts),
      configuration: DetectionConfiguration(), memory: LongMemory(hasher: .stable), definitions: [], facts: facts,
      oneVPC: [],
      sourceNames: [])
    for glob in ["send_mail", "send_*", "mail", "mail/*", "mail/send_mail", "tool:send_mail", "*"] {
      #expect(ToolName.allows([Glob(glob)], operation, judgement), "\(glob)")
    }
    for glob in ["send", "mail/read_*", "files/*", "files"] {
      #expect(!ToolName.allows([Glob(glob)], operation, judgement), "\(glob)")
    }
  }
}
