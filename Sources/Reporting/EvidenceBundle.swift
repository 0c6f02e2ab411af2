import EventModel
import Evidence

/// Writes evidence that stands up without Bittern: a BagIt bag with the findings, the records they cite, the ledger and
/// the custody chain (evidence.md 6.2). The same store content and options give the same bytes.
public struct EvidenceBundle: Sendable {
  public var toolVersion: String
  /// Replaces a bundle that is already there; never anything else.
  public var force = false
  public var signer: SigningKey?
  /// `Contact-Name` of bag-info.txt.
  public var contact: String?

  public init(toolVersion: String) { self.toolVersion = toolVersion }

  public struct Receipt: Sendable, Equatable {
    public var caseID: String
    public var findings: Int
    public var records: Int
    /// Records whose bytes could not be fetched when the finding was stored.
    public var recordsWithoutBytes: Int
    public var files: Int
    /// Hex SHA-256 of tagmanifest-sha256.txt: note it elsewhere to recognise this very bundle.
    public var fingerprint: String
    public var isSigned: Bool
  }

  /// A directory name for a selection: `bittern-evidence-<case>-<yyyymmddThhmmssZ>`, never made from log data.
  public static func suggestedName(_ selection: EvidenceSelection, caseTime: Int64?) -> String {
    guard let caseTime else { return "bittern-evidence-\(caseID(selection))" }
    let time = Timestamp.text(caseTime).utf8.prefix(19).filter { $0 != 0x2d && $0 != 0x3a }
    return "bittern-evidence-\(caseID(selection))-\(String(decoding: time, as: UTF8.self))Z"
  }

  /// `store`, or the kind of the selection and 16 hex digits of its hash.
  static func caseID(_ selection: EvidenceSelection) -> String {
    func short(_ text: String) -> String { String(Hashing.sha256(text.utf8).prefix(16)) }
    switch selection {
    case .all: return "store"
    case .finding(let id): return "finding-" + short(id)
    case .incident(let id): return "incident-" + short(id)
    case .identity(let id): return "identity-" + short(id)
    case .range(let since, let until): return "range-" + short("\(since ?? 0) \(until ?? 0)")
    }
  }

  /// Writes the bundle as the directory `path`. Reads the store in one transaction; an ingest may go on.
  public func write(_ store: EvidenceStore, _ selection: EvidenceSelection, to path: String) throws(BundleError)
    -> Receipt
  {
    do {
      let replacing = try mayReplace(path)
      var bag = try BagWriter(target: path)
      do {
        let snapshot = try store.snapshot(selection, copyTo: bag.draft + "/data/evidence.sqlite")
        if snapshot.findings.isEmpty && selection != .all { throw BundleError.nothingSelected }
        try bag.adopt("data/evidence.sqlite")
        let content = BundleContent(snapshot, caseID: EvidenceBundle.caseID(selection), toolVersion: toolVersion)
        let receipt = try fill(&bag, content)
        try bag.finish(replacing: replacing)
        return receipt
      } catch {
        bag.discard()
        throw error
      }
    } catch let error as BundleError {
      throw error
    } catch let error as StoreError {
      throw .store(error)
    } catch {
      throw .cannotWrite(reason: "\(error)")
    }
  }

  private func mayReplace(_ path: String) throws -> Bool {
    guard let there = try FileSystem.status(of: path) else { return false }
    if !force { throw BundleError.exists(path: path) }
    let mark = try? FileSystem.contents(of: path + "/bag-info.txt", limit: 1 << 16)
    guard there.kind == .directory, let mark,
      String(decoding: mark, as: UTF8.self).contains("Bag-Software-Agent: bittern ")
    else { throw BundleError.notABundle(path: path) }
    return true
  }

  private func fill(_ bag: inout BagWriter, _ content: BundleContent) throws -> Receipt {
    var content = content
    try content.writePayload(into: &bag)
    try bag.add("bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
    var info = "Bag-Software-Agent: bittern \(toolVersion)\nBagging-Date: \(content.caseDate)\n"
    if let contact { info += "Contact-Name: \(EscapedText.terminal(contact))\n" }
    try bag.add("bag-info.txt", info + "External-Identifier: \(content.caseID)\nPayload-Oxum: \(bag.payloadOxum)\n")
    try bag.add("VERIFY.txt", VerifyText.text)
    if let signer {
      try bag.addDirectory("keys")
      try bag.add("keys/signer.pem", signer.publicKeyPEM)
    }
    try bag.add("manifest-sha256.txt", bag.manifest(payload: true))
    let tags = Array(bag.manifest(payload: false).utf8)
    try bag.add("tagmanifest-sha256.txt", tags)
    if let signer { try bag.add("tagmanifest-sha256.txt.sig", signer.signature(over: tags)) }
    return Receipt(
      caseID: content.caseID, findings: content.snapshot.findings.count, records: content.records.count,
      recordsWithoutBytes: content.records.count { $0.line == nil }, files: bag.files.count,
      fingerprint: Hashing.sha256(tags), isSigned: signer != nil)
  }
}
