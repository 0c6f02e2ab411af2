import EventModel

/// Every detector that the content asks for, by kind. A new kind is its file and one line in each of the three lists here.
struct DetectorCatalogue: Sendable {
  private var rareAct: [RareAct] = []
  /// All facts that they look at, and those that look at other events too.
  private var rareFacts = FactSet.none
  private var rareEager: [Int] = []
  /// Where one of them asks for it.
  private var keyHolders: KeyHolders?
  private var originLock: [OriginLock] = []
  private var concurrentOrigins: [ConcurrentOrigins] = []
  private var clientBreak: [ClientBreak] = []
  private var mintEdge: [MintEdge] = []
  private var chainShape: [ChainShape] = []
  private var execPivot: [ExecPivot] = []
  private var declaredScope: [DeclaredScope] = []
  private var deniedBurst: [DeniedBurst] = []
  private var secretSweep: [SecretSweep] = []
  private var agentScope: [AgentScope] = []
  private var agentArgument: [AgentArgument] = []
  private var credentialAge: [CredentialAge] = []
  private var afterEnd: [AfterEnd] = []
  private var bindingMismatch: [BindingMismatch] = []
  private var staleToken: [StaleToken] = []
  private var tokenClaims: [TokenClaims] = []
  private var dormant: [Dormant] = []
  private var unminted: [Unminted] = []
  private var inventory: [Inventory] = []
  private var recordIntegrity: [RecordIntegrity] = []

  static let kinds: [String] = [
    RareAct.kind,
    OriginLock.kind,
    ConcurrentOrigins.kind,
    ClientBreak.kind,
    MintEdge.kind,
    ChainShape.kind,
    ExecPivot.kind,
    DeclaredScope.kind,
    DeniedBurst.kind,
    SecretSweep.kind,
    AgentScope.kind,
    AgentArgument.kind,
    CredentialAge.kind,
    AfterEnd.kind,
    BindingMismatch.kind,
    StaleToken.kind,
    TokenClaims.kind,
    Dormant.kind,
    Unminted.kind,
    Inventory.kind,
    RecordIntegrity.kind,
  ]

  init() {}

  init(_ definitions: [DetectionDefinition], facts: FactVocabulary) throws(DetectionError) {
    for (n, definition) in definitions.enumerated() {
      do throws(DetectionError) {
        switch definition.kind {
        case RareAct.kind: rareAct.append(try RareAct(definition, number: n, facts: facts))
        case OriginLock.kind: originLock.append(try OriginLock(definition, number: n, facts: facts))
        case ConcurrentOrigins.kind:
          concurrentOrigins.append(try ConcurrentOrigins(definition, number: n, facts: facts))
        case ClientBreak.kind: clientBreak.append(try ClientBreak(definition, number: n, facts: facts))
        case MintEdge.kind: mintEdge.append(try MintEdge(definition, number: n, facts: facts))
        case ChainShape.kind: chainShape.append(try ChainShape(definition, number: n, facts: facts))
        case ExecPivot.kind: execPivot.append(try ExecPivot(definition, number: n, facts: facts))
        case DeclaredScope.kind: declaredScope.append(try DeclaredScope(definition, number: n, facts: facts))
        case DeniedBurst.kind: deniedBurst.append(try DeniedBurst(definition, number: n, facts: facts))
        case SecretSweep.kind: secretSweep.append(try SecretSweep(definition, number: n, facts: facts))
        case AgentScope.kind: agentScope.append(try AgentScope(definition, number: n, facts: facts))
        case AgentArgument.kind: agentArgument.append(try AgentArgument(definition, number: n, facts: facts))
        case CredentialAge.kind: credentialAge.append(try CredentialAge(definition, number: n, facts: facts))
        case AfterEnd.kind: afterEnd.append(try AfterEnd(definition, number: n, facts: facts))
        case BindingMismatch.kind: bindingMismatch.append(try BindingMismatch(definition, number: n, facts: facts))
        case StaleToken.kind: staleToken.append(try StaleToken(definition, number: n, facts: facts))
        case TokenClaims.kind: tokenClaims.append(try TokenClaims(definition, number: n, facts: facts))
        case Dormant.kind: dormant.append(try Dormant(definition, number: n, facts: facts))
        case Unminted.kind: unminted.append(try Unminted(definition, number: n, facts: facts))
        case Inventory.kind: inventory.append(try Inventory(definition, number: n, facts: facts))
        case RecordIntegrity.kind: recordIntegrity.append(try RecordIntegrity(definition, number: n, facts: facts))
        default:
          throw DetectionError(
            "no detector kind '\(definition.kind)' (known: \(DetectorCatalogue.kinds.joined(separator: ", ")))")
        }
      } catch {
        throw DetectionError("\(definition.folder)/detection.yml: \(error.reason)")
      }
    }
    for detector in rareAct { rareFacts.formUnion(detector.facts) }
    if rareAct.contains(where: \.asksForKeyHolders) { keyHolders = KeyHolders() }
    rareEager = rareAct.indices.filter { rareAct[$0].looksAtAll }
  }

  mutating func judge(_ moment: Moment, _ judgement: inout Judgement) {
    // Most events state no fact that any of them asks for.
    if moment.event.facts.intersects(rareFacts) {
      for n in rareAct.indices { rareAct[n].judge(moment, &judgement) }
    } else {
      for n in rareEager { rareAct[n].judge(moment, &judgement) }
    }
    keyHolders?.note(moment, &judgement)
    for n in originLock.indices { originLock[n].judge(moment, &judgement) }
    for n in concurrentOrigins.indices { concurrentOrigins[n].judge(moment, &judgement) }
    for n in clientBreak.indices { clientBreak[n].judge(moment, &judgement) }
    for n in mintEdge.indices { mintEdge[n].judge(moment, &judgement) }
    for n in chainShape.indices { chainShape[n].judge(moment, &judgement) }
    for n in execPivot.indices { execPivot[n].judge(moment, &judgement) }
    for n in declaredScope.indices { declaredScope[n].judge(moment, &judgement) }
    for n in deniedBurst.indices { deniedBurst[n].judge(moment, &judgement) }
    for n in secretSweep.indices { secretSweep[n].judge(moment, &judgement) }
    for n in agentScope.indices { agentScope[n].judge(moment, &judgement) }
    for n in agentArgument.indices { agentArgument[n].judge(moment, &judgement) }
    for n in credentialAge.indices { credentialAge[n].judge(moment, &judgement) }
    for n in afterEnd.indices { afterEnd[n].judge(moment, &judgement) }
    for n in bindingMismatch.indices { bindingMismatch[n].judge(moment, &judgement) }
    for n in staleToken.indices { staleToken[n].judge(moment, &judgement) }
    for n in tokenClaims.indices { tokenClaims[n].judge(moment, &judgement) }
    for n in dormant.indices { dormant[n].judge(moment, &judgement) }
    for n in unminted.indices { unminted[n].judge(moment, &judgement) }
    for n in inventory.indices { inventory[n].judge(moment, &judgement) }
    for n in recordIntegrity.indices { recordIntegrity[n].judge(moment, &judgement) }
  }
}
