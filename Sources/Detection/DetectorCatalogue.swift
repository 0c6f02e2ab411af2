import EventModel

/// Every detector that the content asks for, by kind. A new kind is its file and one line in each of the three lists here.
struct DetectorCatalogue: Sendable {
  private var rareAct: [RareAct] = []
  private var originLock: [OriginLock] = []
  private var concurrentOrigins: [ConcurrentOrigins] = []

  static let kinds: [String] = [RareAct.kind, OriginLock.kind, ConcurrentOrigins.kind]

  init() {}

  init(_ definitions: [DetectionDefinition], facts: FactVocabulary) throws(DetectionError) {
    for (n, definition) in definitions.enumerated() {
      do throws(DetectionError) {
        switch definition.kind {
        case RareAct.kind: rareAct.append(try RareAct(definition, number: n, facts: facts))
        case OriginLock.kind: originLock.append(try OriginLock(definition, number: n, facts: facts))
        case ConcurrentOrigins.kind: concurrentOrigins.append(try ConcurrentOrigins(definition, number: n, facts: facts))
        default:
          throw DetectionError("no detector kind '\(definition.kind)' (known: \(DetectorCatalogue.kinds.joined(separator: ", ")))")
        }
      } catch {
        throw DetectionError("\(definition.folder)/detection.yml: \(error.reason)")
      }
    }
  }

  mutating func judge(_ moment: Moment, _ judgement: inout Judgement) {
    for n in rareAct.indices { rareAct[n].judge(moment, &judgement) }
    for n in originLock.indices { originLock[n].judge(moment, &judgement) }
    for n in concurrentOrigins.indices { concurrentOrigins[n].judge(moment, &judgement) }
  }
}
