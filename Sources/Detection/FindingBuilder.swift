import EventModel
import EventWindow
import Lineage

/// Turns a draft into the finding that is stored: ids, texts, citations, lineage.
enum FindingBuilder {
  static func finding(
    _ key: DraftKey, _ draft: Draft, _ judgement: Judgement, _ content: DetectionEngine.Content
  ) -> Finding {
    let definition = content.definitions[key.detection]
    let subject = judgement.window.dictionaries.subjects[draft.subject]
    let operation = judgement.window.dictionaries.operations[draft.operation]
    var f = Finding()
    f.detection = definition.id
    f.name = definition.name
    f.family = definition.family
    f.severity = draft.severity
    f.confidence = draft.confidence
    f.attack = definition.attack
    f.title = draft.title
    f.summary = draft.summary
    f.explanation = draft.explanation
    f.count = draft.count
    f.firstSeen = draft.firstSeen
    f.lastSeen = draft.lastSeen
    f.tenant = judgement.text(key.tenant)
    f.identity.id = judgement.text(subject.actor)
    f.identity.name = judgement.text(subject.name)
    f.identity.kind = subject.kind.name
    f.identity.source = content.sourceNames[Int(operation.source)]
    f.identity.tenant = judgement.text(subject.home.isPresent ? subject.home : operation.tenant)
    f.identity.owner = judgement.owner(of: subject)
    f.credential.id = judgement.text(subject.credential)
    f.credential.kind = subject.credentialKind.name
    let node = draft.node >= 0 ? judgement.lineage[draft.node] : nil
    let issued = subject.issuedAt > 0 ? subject.issuedAt : node?.issuedAt ?? 0
    let expires = subject.expiresAt > 0 ? subject.expiresAt : node?.expiresAt ?? 0
    f.credential.issuedAt = issued > 0 ? Int64(issued) * Timestamp.second : nil
    f.credential.expiresAt = expires > 0 ? Int64(expires) * Timestamp.second : nil
    f.id = id(definition, key, judgement)
    f.incident = incident(draft, key, subject, judgement)
    for role in Finding.Citation.Role.allCases {
      for row in draft.cited[role] ?? [] where judgement.window.isHeld(row) {
        f.evidence.append(citation(role, row, judgement, content))
      }
    }
    f.lineage = edges(draft.node, judgement)
    return f
  }

  static func id(_ definition: DetectionDefinition, _ key: DraftKey, _ judgement: Judgement) -> String {
    FindingID.of(definition, tenant: judgement.text(key.tenant), key: key.key, cause: key.cause, day: key.day)
  }

  /// Findings of one lineage root, else identity, on one day are one incident (semantics.md 7).
  private static func incident(_ draft: Draft, _ key: DraftKey, _ subject: Subject, _ judgement: Judgement) -> String {
    var entity = judgement.bytes(subject.name)
    if draft.node >= 0 {
      entity = judgement.bytes(judgement.lineage[judgement.lineage.root(of: draft.node)].credential)
    }
    return FindingID.incident(entity: entity, day: key.day)
  }

  private static func citation(
    _ role: Finding.Citation.Role, _ row: Row, _ judgement: Judgement, _ content: DetectionEngine.Content
  ) -> Finding.Citation {
    let event = judgement.window[row]
    let operation = judgement.window.dictionaries.operation(event)
    var c = Finding.Citation(
      role: role, time: event.time, input: event.input, offset: event.offset, length: event.length, index: event.index)
    c.batch = row.batch
    c.source = content.sourceNames[Int(operation.source)]
    c.eventID = Finding.Citation.dedupID(event.idHigh)
    c.action = judgement.text(operation.action)
    c.outcome = event.outcome.name
    c.origin = judgement.words(judgement.window.dictionaries.origin(event))
    return c
  }

  private static func edges(_ node: Int32, _ judgement: Judgement) -> [Finding.Edge] {
    guard node >= 0 else { return [] }
    let path = judgement.lineage.path(from: node)
    return zip(path, path.dropFirst()).map { child, parent in
      let made = judgement.lineage[child]
      let step = judgement.lineage.step(from: child, to: parent)
      let joinedOn =
        made.parent == parent
        ? ["credential", "minted credential"]
        : step.isMint ? ["claimed value", "offered value"] : ["attestor", "attestor"]
      return Finding.Edge(
        from: judgement.text(judgement.lineage[parent].credential), to: judgement.text(made.credential),
        mechanism: made.mechanism.isPresent ? judgement.text(made.mechanism) : "attested",
        grade: step.grade == .none ? .asserted : step.grade, joinedOn: joinedOn)
    }
  }
}

extension Judgement {
  public func owner(of subject: Subject) -> String? {
    let names = [subject.name, subject.actor].filter(\.isPresent).map(bytes)
    return configuration.identities.first { identity in
      identity.matches.contains { glob in names.contains { glob.matches($0) } }
    }?.owner
  }
}
