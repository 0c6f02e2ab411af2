import Evidence
import Foundation
import Testing

@testable import Reporting

@Suite struct KeyTests {
  let scratch: Scratch
  var prefix: String { scratch.path + "/key" }
  init() throws {
    scratch = try Scratch()
    try KeyPair.generate(prefix: scratch.path + "/key")
  }

  @Test func modesAndNames() throws {
    #expect(try FileSystem.status(of: prefix)?.mode == 0o400)
    #expect(try FileSystem.status(of: prefix + ".pub")?.mode == 0o444)
    #expect(throws: KeyError.exists(path: prefix)) { try KeyPair.generate(prefix: prefix) }
    #expect(try SigningKey(file: prefix).publicKeyPEM == FileSystem.contents(of: prefix + ".pub"))
  }

  @Test func opensslReadsAndVerifies() throws {
    guard let text = try run("openssl", ["pkey", "-in", "key", "-pubout"], in: scratch.path) else { return }
    #expect(Array(text.output.utf8) == (try FileSystem.contents(of: prefix + ".pub")))
    var bundle = EvidenceBundle(toolVersion: "0.1.0")
    bundle.signer = try SigningKey(file: prefix)
    let receipt = try bundle.write(try sampleStore(scratch), .all, to: scratch.path + "/bag")
    #expect(receipt.isSigned)
    func openssl() throws -> Int32? {
      try run(
        "openssl",
        [
          "pkeyutl", "-verify", "-pubin", "-inkey", "../key.pub", "-rawin", "-in", "tagmanifest-sha256.txt", "-sigfile",
          "tagmanifest-sha256.txt.sig",
        ], in: scratch.path + "/bag")?.status
    }
    #expect(try openssl() == 0)
    #expect(
      try FileSystem.contents(of: scratch.path + "/bag/keys/signer.pem") == FileSystem.contents(of: prefix + ".pub"))
    let manifest = scratch.path + "/bag/tagmanifest-sha256.txt"
    let first = try #require(try FileSystem.contents(of: manifest).first)
    try OpenFile.updating(manifest).write([first ^ 1])
    #expect(try openssl() != 0)
  }

  @Test func aKeyOfOpensslSigns() throws {
    guard let made = try run("openssl", ["genpkey", "-algorithm", "ed25519", "-out", "theirs"], in: scratch.path),
      made.status == 0
    else { return }
    try OpenFile.reading(scratch.path + "/theirs").setMode(0o400)
    let public1 = try #require(try run("openssl", ["pkey", "-in", "theirs", "-pubout"], in: scratch.path)?.output)
    #expect(try SigningKey(file: scratch.path + "/theirs").publicKeyPEM == Array(public1.utf8))
  }

  @Test func whatIsNoKeyIsRefused() throws {
    #expect(throws: KeyError.notAKey(path: prefix + ".pub", wanted: "private")) {
      try SigningKey(file: prefix + ".pub")
    }
    #expect(throws: KeyError.notAKey(path: prefix, wanted: "public")) { try VerifyingKey(file: prefix) }
    #expect(throws: KeyError.self) { try VerifyingKey(file: scratch.path + "/none") }
    for text in [
      "", "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n",
      "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
    ] {
      #expect(VerifyingKey(pem: Array(text.utf8)) == nil)
    }
    try OpenFile.reading(prefix).setMode(0o644)
    #expect(throws: KeyError.exposed(path: prefix, mode: "644")) { try SigningKey(file: prefix) }
  }
}
