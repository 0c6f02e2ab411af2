import Evidence

/// What checking a bundle found. `passed` only when nothing is wrong and, where a key was brought, the signature holds.
public struct VerificationReport: Sendable, Equatable {
  public enum Authenticity: Sendable, Equatable {
    /// The key that the verifier brought accepts the signature.
    case verified
    /// No key was brought: whoever could write the bundle could write all of it.
    case notDemanded
    case failed
  }

  public struct Problem: Sendable, Equatable, CustomStringConvertible {
    public enum Kind: String, Sendable {
      case unsafe, missing, unlisted, changed, manifest, size, signature, content, custody, database, unreadable
    }
    public var kind: Kind
    /// Path in the bundle, as its bytes are; empty for the bundle as a whole.
    public var file: String
    public var detail: String

    /// Safe for a terminal.
    public var description: String {
      let name = file.isEmpty ? "bundle" : EscapedText.terminal(file)
      return "\(kind.rawValue): \(name): \(EscapedText.terminal(detail))"
    }
  }

  public var authenticity = Authenticity.notDemanded
  public var problems: [Problem] = []
  /// Problems past the limit that are not listed.
  public var moreProblems = 0
  public var files = 0
  public var findings = 0
  public var records = 0
  /// Hex SHA-256 of tagmanifest-sha256.txt, to compare with the receipt of the export.
  public var fingerprint = ""

  public var passed: Bool { problems.isEmpty && authenticity != .failed }

  static let limit = 1000

  mutating func add(_ kind: Problem.Kind, _ file: String, _ detail: String) {
    if problems.count < VerificationReport.limit {
      problems.append(Problem(kind: kind, file: file, detail: detail))
    } else {
      moreProblems += 1
    }
  }

  /// One line a problem, then the verdict; LF after every line.
  public var text: String {
    var out = problems.map { $0.description + "\n" }.joined()
    if moreProblems > 0 { out += "and \(moreProblems) more problems\n" }
    let signature =
      switch authenticity {
      case .verified: "signed by the given key"
      case .notDemanded: "authenticity not checked: bring the signer's public key with --key"
      case .failed: "NOT signed by the given key"
      }
    out +=
      "\(passed ? "holds" : "DOES NOT HOLD"): \(findings) findings, \(records) records, \(files) files; \(signature)\n"
    return fingerprint.isEmpty ? out : out + "fingerprint \(fingerprint)\n"
  }
}
