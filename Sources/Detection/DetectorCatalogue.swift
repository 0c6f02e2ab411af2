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
  private var artefactReplay: [ArtefactReplay] = []
  private var dormant: [Dormant] = []
  private var unminted: [Unminted] = []
  private var inventory: [Inventory] = []
  private var recordIntegrity: [RecordIntegrity] = []
  private var profileBreak: [ProfileBreak] = []
  private var credentialSwitch: [CredentialSwitch] = []
  private var crossPlanePath: [CrossPlanePath] = []
  private var strangerOrigin: [StrangerOrigin] = []
  private var newGeography: [NewGeography] = []
  private var bulkRead: [BulkRead] = []
  private var peerRarity: [PeerRarity] = []
  private var streamSilence: [StreamSilence] = []
  private var pairMissing: [PairMissing] = []
  private var rateCollapse: [RateCollapse] = []
  private var digestChain: [DigestChain] = []
  private var handsOnKeyboard: [HandsOnKeyboard] = []

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
    ArtefactReplay.kind,
    Dormant.kind,
    Unminted.kind,
    Inventory.kind,
    RecordIntegrity.kind,
    ProfileBreak.kind,
    CredentialSwitch.kind,
    CrossPlanePath.kind,
    StrangerOrigin.kind,
    NewGeography.kind,
    BulkRead.kind,
    PeerRarity.kind,
    StreamSilence.kind,
    PairMissing.kind,
    RateCollapse.kind,
    DigestChain.kind,
    HandsOnKeyboard.kind,
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
        case ArtefactReplay.kind: artefactReplay.append(try ArtefactReplay(definition, number: n, facts: facts))
        case Dormant.kind: dormant.append(try Dormant(definition, number: n, facts: facts))
        case Unminted.kind: unminted.append(try Unminted(definition, number: n, facts: facts))
        case Inventory.kind: inventory.append(try Inventory(definition, number: n, facts: facts))
        case RecordIntegrity.kind: recordIntegrity.append(try RecordIntegrity(definition, number: n, facts: facts))
        case ProfileBreak.kind: profileBreak.append(try ProfileBreak(definition, number: n, facts: facts))
        case CredentialSwitch.kind: credentialSwitch.append(try CredentialSwitch(definition, number: n, facts: facts))
        case CrossPlanePath.kind: crossPlanePath.append(try CrossPlanePath(definition, number: n, facts: facts))
        case StrangerOrigin.kind: strangerOrigin.append(try StrangerOrigin(definition, number: n, facts: facts))
        case NewGeography.kind: newGeography.append(try NewGeography(definition, number: n, facts: facts))
        case BulkRead.kind: bulkRead.append(try BulkRead(definition, number: n, facts: facts))
        case PeerRarity.kind: peerRarity.append(try PeerRarity(definition, number: n, facts: facts))
        case StreamSilence.kind: streamSilence.append(try StreamSilence(definition, number: n, facts: facts))
        case PairMissing.kind: pairMissing.append(try PairMissing(definition, number: n, facts: facts))
        case RateCollapse.kind: rateCollapse.append(try RateCollapse(definition, number: n, facts: facts))
        case DigestChain.kind: digestChain.append(try DigestChain(definition, number: n, facts: facts))
        case HandsOnKeyboard.kind: handsOnKeyboard.append(try HandsOnKeyboard(definition, number: n, facts: facts))
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
    for n in artefactReplay.indices { artefactReplay[n].judge(moment, &judgement) }
    for n in dormant.indices { dormant[n].judge(moment, &judgement) }
    for n in unminted.indices { unminted[n].judge(moment, &judgement) }
    for n in inventory.indices { inventory[n].judge(moment, &judgement) }
    for n in recordIntegrity.indices { recordIntegrity[n].judge(moment, &judgement) }
    for n in profileBreak.indices { profileBreak[n].judge(moment, &judgement) }
    // After the one that counts what an identity does for the first time: both remember its acts.
    for n in execPivot.indices { execPivot[n].judge(moment, &judgement) }
    for n in credentialSwitch.indices { credentialSwitch[n].judge(moment, &judgement) }
    for n in crossPlanePath.indices { crossPlanePath[n].judge(moment, &judgement) }
    for n in strangerOrigin.indices { strangerOrigin[n].judge(moment, &judgement) }
    for n in newGeography.indices { newGeography[n].judge(moment, &judgement) }
    for n in bulkRead.indices { bulkRead[n].judge(moment, &judgement) }
    for n in peerRarity.indices { peerRarity[n].judge(moment, &judgement) }
    for n in streamSilence.indices { streamSilence[n].judge(moment, &judgement) }
    for n in pairMissing.indices { pairMissing[n].judge(moment, &judgement) }
    for n in rateCollapse.indices { rateCollapse[n].judge(moment, &judgement) }
    for n in digestChain.indices { digestChain[n].judge(moment, &judgement) }
    // Last: it raises what the others found.
    for n in handsOnKeyboard.indices { handsOnKeyboard[n].judge(moment, &judgement) }
  }
}
