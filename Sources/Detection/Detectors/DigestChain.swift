import EventModel
import EventWindow

/// LS3, the chain: each digest of a trail names the one before it. Files and hashes are the runtime's part.
///
/// State: 24 B for each trail and region, and the digests that were written later.
struct DigestChain: Detector {
  static let kind = "digest-chain"

  private struct Last: Sendable {
    var object: Symbol
    var row: Row
  }

  private let number: Int
  private let digests, backfills: FactSet
  private var chains: [[UInt8]: Last] = [:]
  /// Hours that were written later, without what marks them so.
  private var later: Set<[UInt8]> = []

  init(_ definition: DetectionDefinition, number: Int, facts: FactVocabulary) throws(DetectionError) {
    self.number = number
    var p = definition.parameters
    digests = facts.set(try p.list("digest_facts"))
    backfills = facts.set(try p.list("backfill_facts"))
    try p.checkAllRead()
  }

  mutating func judge(_ moment: Moment, _ judgement: inout Judgement) {
    guard moment.event.facts.intersects(digests), moment.event.resource.isPresent else { return }
    let object = judgement.bytes(moment.event.resource)
    if moment.event.facts.intersects(backfills) {
      if later.count < 65_536 { later.insert(DigestChain.hour(object)) }
      return
    }
    let chain = DigestChain.trail(object)
    defer {
      if chains.count < 65_536 || chains[chain] != nil {
        chains[chain] = Last(object: moment.event.resource, row: moment.row)
      }
    }
    let before = moment.event.target
    guard let last = chains[chain], before.isPresent, last.object != before, last.object != moment.event.resource,
      !later.contains(DigestChain.hour(judgement.bytes(before)))
    else { return }
    judgement.report(
      number, moment, key: chain, cause: judgement.bytes(before), severity: .medium, baseline: [last.row]
    ) { draft, j in
      let name = String(decoding: chain, as: UTF8.self)
      draft.title = "\(name): a digest is missing"
      draft.summary =
        "\(j.text(moment.event.resource)) names \(j.text(before)) as the digest before it. What was read before it is "
        + "\(j.text(last.object)): the hours between are not accounted for."
      draft.explanation.expected = j.text(before)
      draft.explanation.seen = j.text(last.object)
      draft.explanation.threshold = "one digest that is not there, and was not written later"
    }
  }

  /// `…/<account>_CloudTrail-Digest_<region>_<trail>_<region>_<time>.json.gz` up to its time: the trail in a region.
  private static func trail(_ object: [UInt8]) -> [UInt8] {
    let name = object[(object.lastIndex(of: 0x2f).map { $0 + 1 } ?? 0)...]
    return Array(name[..<(name.lastIndex(of: 0x5f) ?? name.endIndex)])
  }

  /// A digest's name up to what follows its time.
  private static func hour(_ object: [UInt8]) -> [UInt8] {
    let name = Array(object[(object.lastIndex(of: 0x2f).map { $0 + 1 } ?? 0)...])
    let bare = name.prefix { $0 != 0x2e }
    let mark = Array("_backfill".utf8)
    return bare.count > mark.count && bare.suffix(mark.count).elementsEqual(mark)
      ? Array(bare.dropLast(mark.count)) : Array(bare)
  }
}
