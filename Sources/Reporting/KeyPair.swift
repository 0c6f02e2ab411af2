import Crypto
import Evidence

/// Why a key cannot be made or used.
public enum KeyError: Error, Equatable, Sendable, CustomStringConvertible {
  case unreadable(String)
  case notAKey(path: String, wanted: String)
  /// Others on this machine can read the private key.
  case exposed(path: String, mode: String)
  case exists(path: String)

  public var description: String {
    switch self {
    case .unreadable(let reason): "the key cannot be used: \(reason)"
    case .notAKey(let path, let wanted):
      "\(path) is not an Ed25519 \(wanted) key in PEM form; make one with `bittern keys new`"
    case .exposed(let path, let mode):
      "\(path) has mode \(mode): everybody can read it. Run `chmod 400` on it, and make a new key if this machine is shared"
    case .exists(let path): "\(path) exists; a key is never overwritten"
    }
  }
}

/// The key that signs bundles, from a PEM file (PKCS #8).
public struct SigningKey: Sendable {
  let key: Curve25519.Signing.PrivateKey

  /// Refuses a file that everybody may read, or group or others may write.
  public init(file path: String) throws(KeyError) {
    let (text, mode): ([UInt8], UInt32)
    do {
      let file = try OpenFile.reading(path)
      (text, mode) = (try file.read(upTo: 4096), try file.status().mode)
    } catch {
      throw .unreadable("\(error)")
    }
    guard let seed = PEM.seed(text), let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed) else {
      throw .notAKey(path: path, wanted: "private")
    }
    if mode & 0o026 != 0 { throw .exposed(path: path, mode: String(mode & 0o777, radix: 8)) }
    self.key = key
  }

  /// SubjectPublicKeyInfo, PEM.
  public var publicKeyPEM: [UInt8] { PEM.publicKey([UInt8](key.publicKey.rawRepresentation)) }

  /// 64 bytes.
  func signature(over message: [UInt8]) throws -> [UInt8] { [UInt8](try key.signature(for: message)) }
}

/// The key that a verifier trusts, from a PEM file (SubjectPublicKeyInfo).
public struct VerifyingKey: Sendable {
  let key: Curve25519.Signing.PublicKey

  public init(file path: String) throws(KeyError) {
    let text: [UInt8]
    do {
      text = try FileSystem.contents(of: path, limit: 4096)
    } catch {
      throw .unreadable("\(error)")
    }
    guard let key = VerifyingKey(pem: text) else { throw .notAKey(path: path, wanted: "public") }
    self = key
  }

  public init?(pem: [UInt8]) {
    guard let point = PEM.point(pem), let key = try? Curve25519.Signing.PublicKey(rawRepresentation: point) else {
      return nil
    }
    self.key = key
  }

  func accepts(_ signature: [UInt8], over message: [UInt8]) -> Bool { key.isValidSignature(signature, for: message) }
}

public enum KeyPair {
  /// Writes a new Ed25519 pair: `prefix` (private, PKCS #8 PEM, mode 0400) and `prefix.pub` (public, SPKI PEM, 0444).
  /// Neither is overwritten.
  public static func generate(prefix: String) throws(KeyError) {
    let key = Curve25519.Signing.PrivateKey()
    do {
      for path in [prefix, prefix + ".pub"] where try FileSystem.status(of: path) != nil {
        throw KeyError.exists(path: path)
      }
      try write(PEM.privateKey([UInt8](key.rawRepresentation)), to: prefix, mode: 0o400)
      try write(PEM.publicKey([UInt8](key.publicKey.rawRepresentation)), to: prefix + ".pub", mode: 0o444)
      try FileSystem.syncDirectory(FileSystem.parent(of: prefix))
    } catch let error as KeyError {
      throw error
    } catch {
      throw KeyError.unreadable("\(error)")
    }
  }

  private static func write(_ bytes: [UInt8], to path: String, mode: UInt32) throws(FileError) {
    let file = try OpenFile.creating(path, mode: mode)
    try file.write(bytes)
    try file.sync()
  }
}
