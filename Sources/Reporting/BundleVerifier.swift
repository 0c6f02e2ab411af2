import Evidence

/// Checks a bundle offline, as a hostile directory: nothing is followed, written, or opened outside it.
///
/// Cost: two reads of the payload; memory is bounded by the largest JSON file (refused over 1 GiB).
public struct BundleVerifier: Sendable {
  /// The key that the verifier trusts. Without one only integrity is checked: a copy of a key inside proves nothing.
  public var key: VerifyingKey?

  public init(key: VerifyingKey? = nil) { self.key = key }

  /// Largest file that a bundle may hold, in bytes.
  static let sizeLimit: Int64 = 4 << 30

  /// Never throws: what cannot be read is a problem of the report.
  public func verify(_ root: String) -> VerificationReport {
    var report = VerificationReport()
    if key != nil { report.authenticity = .failed }
    guard (try? FileSystem.status(of: root))?.kind == .directory else {
      report.add(.unreadable, "", "not a directory")
      return report
    }
    let listing = BundleListing(root, into: &report)
    report.files = listing.files.count
    checkMarks(root, listing, &report)
    let tagBytes = contents(root, "tagmanifest-sha256.txt", listing, &report)
    let payloadBytes = contents(root, "manifest-sha256.txt", listing, &report)
    guard let tagBytes, let payloadBytes else { return report }
    report.fingerprint = Hashing.sha256(tagBytes)
    checkSignature(root, listing, tagBytes, &report)
    let tags = BundleManifest("tagmanifest-sha256.txt", tagBytes, payload: false, into: &report)
    let payload = BundleManifest("manifest-sha256.txt", payloadBytes, payload: true, into: &report)
    checkNames(listing, tags, payload, &report)
    checkHashes(root, listing, tags.hashes.merging(payload.hashes) { first, _ in first }, &report)
    checkOxum(root, listing, &report)
    // Contents are read only where the layout holds: no link, no name outside, nothing unlisted beside the database.
    let layout: [VerificationReport.Problem.Kind] = [.unsafe, .unlisted, .manifest, .unreadable]
    if !report.problems.contains(where: { layout.contains($0.kind) }) {
      BundleContentCheck(root: root, files: listing.files).run(&report)
    }
    return report
  }

  private func contents(_ root: String, _ name: String, _ listing: BundleListing, _ report: inout VerificationReport)
    -> [UInt8]?
  {
    guard listing.files[name] != nil else {
      report.add(.missing, name, "the bundle has no such file")
      return nil
    }
    do {
      return try FileSystem.contents(of: root + "/" + name, limit: 1 << 26)
    } catch {
      report.add(.unreadable, name, error.description)
      return nil
    }
  }

  private func checkMarks(_ root: String, _ listing: BundleListing, _ report: inout VerificationReport) {
    guard let mark = contents(root, "bagit.txt", listing, &report) else { return }
    if mark != Array("BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n".utf8) {
      report.add(.content, "bagit.txt", "not BagIt 1.0")
    }
  }

  private func checkSignature(
    _ root: String, _ listing: BundleListing, _ message: [UInt8], _ report: inout VerificationReport
  ) {
    guard let key else { return }
    let name = "tagmanifest-sha256.txt.sig"
    guard listing.files[name] == 64, let signature = try? FileSystem.contents(of: root + "/" + name, limit: 64) else {
      report.add(.signature, name, "no signature of 64 bytes, and a key was given")
      return
    }
    if key.accepts(signature, over: message) {
      report.authenticity = .verified
    } else {
      report.add(.signature, name, "the given key did not sign this bundle")
    }
  }

  private func checkNames(
    _ listing: BundleListing, _ tags: BundleManifest, _ payload: BundleManifest, _ report: inout VerificationReport
  ) {
    for path in listing.files.keys.sorted() {
      if path == "tagmanifest-sha256.txt" || path == "tagmanifest-sha256.txt.sig" { continue }
      let manifest = path.hasPrefix("data/") ? payload : tags
      if manifest.hashes[path] == nil { report.add(.unlisted, path, "in no manifest") }
    }
    for path in (Array(tags.hashes.keys) + Array(payload.hashes.keys)).sorted() where listing.files[path] == nil {
      report.add(.missing, path, "listed, but not there")
    }
  }

  private func checkHashes(
    _ root: String, _ listing: BundleListing, _ hashes: [String: String], _ report: inout VerificationReport
  ) {
    for (path, expected) in hashes.sorted(by: { $0.key < $1.key }) {
      guard let size = listing.files[path] else { continue }
      if size > BundleVerifier.sizeLimit {
        report.add(.size, path, "larger than any file of a bundle")
        continue
      }
      do {
        let found = try Hashing.sha256(file: root + "/" + path)
        if found.hex != expected { report.add(.changed, path, "its bytes are not those of the manifest") }
      } catch {
        report.add(.unreadable, path, error.description)
      }
    }
  }

  private func checkOxum(_ root: String, _ listing: BundleListing, _ report: inout VerificationReport) {
    guard let bytes = contents(root, "bag-info.txt", listing, &report) else { return }
    let payload = listing.files.filter { $0.key.hasPrefix("data/") }
    let oxum = "\(payload.values.reduce(0, &+)).\(payload.count)"
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    if lines.filter({ $0.hasPrefix("Payload-Oxum:") }).map(String.init) != ["Payload-Oxum: \(oxum)"] {
      report.add(.size, "bag-info.txt", "Payload-Oxum is not \(oxum)")
    }
  }
}
