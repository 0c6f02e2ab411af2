import Detection
import EventModel
import Lineage

/// Of the machine credentials that were used: for how many the mint was seen, by source and grade.
public struct LineageCoverage: Sendable {
  public struct Share: Sendable {
    public var used = 0
    public var minted = 0
    public var grades: [Grade: Int] = [:]
  }
  public private(set) var sources: [String: Share] = [:]
  /// Machine identities, and those of them that have a history to compare with.
  public private(set) var identities = 0
  public private(set) var mature = 0

  init(_ engine: DetectionEngine) {
    (identities, mature) = engine.census
    var counted: Set<Int32> = []
    for (id, use) in engine.lineage.usage.entries.enumerated() where use.events > 0 {
      let subject = engine.window.dictionaries.subjects[UInt32(id)]
      guard subject.kind.isMachine, !subject.credentialKind.isLongLived, !subject.flags.contains(.serviceMade),
        subject.credentialKind != .agentSession, let node = engine.lineage.find(subject.credential),
        counted.insert(node).inserted
      else { continue }
      let source = engine.content.sourceNames[Int(use.source)]
      sources[source, default: Share()].used += 1
      if engine.lineage[node].mintSeen {
        sources[source, default: Share()].minted += 1
        sources[source, default: Share()].grades[engine.lineage[node].grade, default: 0] += 1
      }
    }
  }

  /// What `bittern status` shows of it, by source.
  var meta: [String: String] {
    var meta: [String: String] = [:]
    if identities > 0 {
      meta["coverage.history"] =
        "\(mature) of \(identities) machine identities have a history to compare with; the others are learned until they have 14 active days or 500 events over three days"
    }
    for (name, share) in sources {
      let grades = share.grades.sorted { $0.key > $1.key }.map { "\($0.value) \($0.key.name)" }
      meta["coverage." + name] =
        "the mint of \(share.minted) of \(share.used) used machine credentials was seen"
        + (grades.isEmpty ? "" : " (\(grades.joined(separator: ", ")))")
    }
    return meta
  }
}
