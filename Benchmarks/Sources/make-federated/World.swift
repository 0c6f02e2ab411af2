import Synthesis

/// The invented organization: accounts, clusters, and where each of its parts calls from. Documentation ranges only.
enum World {
  static let shop = "111122223333"
  static let data = "444455556666"
  static let platform = "777788889999"
  static let region = "eu-west-1"
  static let project = "acme-analytics"
  static let directory = "5f1c9b1e-7a51-4d9e-9a55-0d6d5f3c2b10"
  static let trust = "prod.acme.example"
  static let eksIssuer = "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE0D5C1B2A39482716AB5C4D3E2"
  static let shopCluster = "shop-prod"
  static let dataCluster = "data-prod"

  static let shopEgress = "203.0.113.18"
  static let dataEgress = "203.0.113.66"
  static let platformEgress = "203.0.113.50"
  static let datacenter = "198.51.100.140"
  static let vaultServer = "203.0.113.52"
  static func runner(_ n: Int) -> String { "203.0.113.\(128 + n % 100)" }
  static func office(_ n: Int) -> String { "198.51.100.\(10 + n % 80)" }
  /// Outside every zone.
  static func outside(_ n: Int) -> String { "192.0.2.\(1 + n % 250)" }

  static func role(_ account: String, _ name: String) -> String { "arn:aws:iam::\(account):role/\(name)" }
  static func user(_ account: String, _ name: String) -> String { "arn:aws:iam::\(account):user/\(name)" }

  static let linuxSDK = "Boto3/1.34.69 md/Botocore#1.34.69 ua/2.0 os/linux#6.1.79 md/arch#x86_64 lang/python#3.11.8"
  static let goSDK = "aws-sdk-go-v2/1.26.0 os/linux lang/go#1.22.1 md/GOOS#linux md/GOARCH#amd64 api/s3#1.53.0"
  static let macCLI = "aws-cli/2.15.30 Python/3.11.8 Darwin/23.4.0 exe/x86_64 prompt/off"
  static let browser =
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/122.0 Safari/537.36"
}

extension Corpus {
  private static let base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
  func uuid() -> String { ids.uuid() }
  func key(_ prefix: String) -> String { prefix + ids.letters(16, of: Corpus.base32) }
  func principal(_ prefix: String) -> String { prefix + ids.letters(17, of: Corpus.base32) }
  func instance() -> String { "i-0" + ids.hex(16) }
}

/// Ids that belong to a name for good.
enum Stable {
  private static let base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
  private static func random(_ name: String) -> SeededRandom { SeededRandom(seed: 11, stream: name) }
  static func role(_ arn: String) -> String {
    var r = random(arn)
    return "AROA" + r.letters(17, of: base32)
  }
  static func user(_ arn: String) -> String {
    var r = random(arn)
    return "AIDA" + r.letters(17, of: base32)
  }
  static func key(_ name: String) -> String {
    var r = random("key/" + name)
    return "AKIA" + r.letters(16, of: base32)
  }
  static func fingerprint(_ name: String) -> String {
    var r = random("x509/" + name)
    return r.hex(64)
  }
}

extension Corpus {
  /// A machine's user with its one lasting key.
  func keyUser(_ account: String, _ name: String, address: String, agent: String = World.linuxSDK) -> AWSCaller {
    let arn = World.user(account, name)
    return AWSCaller.user(account, name, key: Stable.key(arn), id: Stable.user(arn), address: address, agent: agent)
  }

  func session(
    _ account: String, _ role: String, _ name: String, at time: Double, address: String,
    agent: String = World.linuxSDK, extra: [(String, JSON)] = []
  ) -> AWSSession {
    AWSSession(
      self, account, role, roleID: Stable.role(World.role(account, role)), name: name, created: time.rounded(.down),
      address: address, agent: agent, extra: extra)
  }
}
