import Foundation

/// Ed25519 keys in the PEM forms that openssl writes and reads (RFC 8410).
enum PEM {
  /// PKCS #8 and SubjectPublicKeyInfo of an Ed25519 key, up to its 32 bytes.
  private static let privatePrefix: [UInt8] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
  ]
  private static let publicPrefix: [UInt8] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00]

  static func privateKey(_ seed: [UInt8]) -> [UInt8] { wrap("PRIVATE KEY", privatePrefix + seed) }
  static func publicKey(_ point: [UInt8]) -> [UInt8] { wrap("PUBLIC KEY", publicPrefix + point) }

  /// The 32 bytes of the key; nil if the text is anything but one key of this form.
  static func seed(_ text: [UInt8]) -> [UInt8]? { unwrap("PRIVATE KEY", text, privatePrefix) }
  static func point(_ text: [UInt8]) -> [UInt8]? { unwrap("PUBLIC KEY", text, publicPrefix) }

  private static func wrap(_ name: String, _ der: [UInt8]) -> [UInt8] {
    let body = Array(Data(der).base64EncodedString().utf8)
    var out = Array("-----BEGIN \(name)-----\n".utf8)
    for start in stride(from: 0, to: body.count, by: 64) {
      out += body[start..<min(start + 64, body.count)] + [0x0a]
    }
    return out + Array("-----END \(name)-----\n".utf8)
  }

  private static func unwrap(_ name: String, _ text: [UInt8], _ prefix: [UInt8]) -> [UInt8]? {
    guard text.count < 4096 else { return nil }
    let lines = text.split(whereSeparator: { $0 == 0x0a || $0 == 0x0d }).map { String(decoding: $0, as: UTF8.self) }
    guard lines.count >= 3, lines.first == "-----BEGIN \(name)-----", lines.last == "-----END \(name)-----",
      let der = Data(base64Encoded: lines.dropFirst().dropLast().joined()), der.count == prefix.count + 32,
      der.starts(with: prefix)
    else { return nil }
    return [UInt8](der.suffix(32))
  }
}
