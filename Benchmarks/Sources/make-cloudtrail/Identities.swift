import Synthesis

/// The identities of the corpus, all made from their number: the frequent ones are roles, the rare ones users.
struct Identities {
  enum Kind { case instance, function, pod, user }

  struct Identity {
    let number: Int
    let kind: Kind
    let account, region: [UInt8]
    let role, session: [UInt8]
    /// `userIdentity` up to the key, between key and creation date, and after it.
    let head, middle, tail: [UInt8]
    let address, agent, minter, owner: [UInt8]
    /// Six actions, as indices.
    let actions: [Int]
    /// When in its six hours the sessions of this identity begin.
    let phase: Int
  }

  static let sessionLife = 21_600
  static let regions = ["eu-west-1", "eu-central-1", "us-east-1", "us-west-2"]
  private static let agents = [
    "Boto3/1.40.11 md/Botocore#1.40.11 ua/2.1 os/linux#6.12.40 md/arch#x86_64 lang/python#3.13.5 md/pyimpl#CPython m/Z,b cfg/retry-mode#standard",
    "aws-sdk-go-v2/1.38.1 ua/2.1 os/linux lang/go#1.25.1 md/GOARCH#amd64 md/GOOS#linux api/s3#1.87.1 m/E,b",
    "aws-sdk-java/2.33.4 md/io#async md/http#NettyNio ua/2.1 os/Linux#6.12.40 lang/java#21.0.8 md/OpenJDK_64-Bit_Server_VM m/E,N",
    "aws-sdk-js/3.880.0 ua/2.1 os/linux#6.12.40 lang/js md/nodejs#22.18.0 api/dynamodb#3.880.0 m/E,b",
  ]

  let all: [Identity]

  /// Identities that are used less than once a session are users with keys: no mint is missed for them.
  init(count: Int, accounts: Int, events: Int, sessions: Int, actions: Int, seed: UInt64) {
    let harmonic = (1...count).reduce(0.0) { $0 + 1 / Double($1) }
    let roles = Int(Double(events) / harmonic / Double(sessions))
    all = (0..<count).map { number in
      var random = SeededRandom(seed: seed, stream: "identity/\(number)")
      return Self.make(
        number, account: Self.account(number % accounts), isRole: number < roles && number % 8 != 7, actions: actions,
        &random)
    }
  }

  static func account(_ number: Int) -> String { "\(100_000_000_000 + number * 31_415_926_535 % 899_999_999_999)" }

  private static func make(_ number: Int, account: String, isRole: Bool, actions: Int, _ random: inout SeededRandom)
    -> Identity
  {
    let kind: Kind =
      !isRole ? .user : [.instance, .instance, .instance, .instance, .function, .function, .pod][number % 8]
    let role = "arn:aws:iam::\(account):role/svc-\(number)"
    let id = "\(isRole ? "AROA" : "AIDA")\(random.letters(10, of: "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"))EXAMPLE"
    let session =
      kind == .instance
      ? "i-0" + random.hex(16) : kind == .function ? "svc-\(number)" : "eks-prod-svc-\(number)-" + random.uuid()
    let context: String
    switch kind {
    case .instance: context = #"","mfaAuthenticated":"false"},"ec2RoleDelivery":"2.0"}}"#
    case .function:
      context =
        #"","mfaAuthenticated":"false"}},"inScopeOf":{"issuerType":"AWS::Lambda::Function","credentialsIssuedTo":"arn:aws:lambda:\#(regions[number % 4]):\#(account):function:svc-\#(number)"}}"#
    case .pod: context = #"","mfaAuthenticated":"false"}}}"#
    case .user: context = ""
    }
    let issuer =
      #""sessionIssuer":{"type":"Role","principalId":"\#(id)","arn":"\#(role)","accountId":"\#(account)","userName":"svc-\#(number)"}"#
    return Identity(
      number: number, kind: kind, account: Array(account.utf8), region: Array(regions[number % 4].utf8),
      role: Array(role.utf8),
      session: Array(session.utf8),
      head: Array(
        (isRole
          ? #"{"type":"AssumedRole","principalId":"\#(id):\#(session)","arn":"arn:aws:sts::\#(account):assumed-role/svc-\#(number)/\#(session)","accountId":"\#(account)","accessKeyId":""#
          : #"{"type":"IAMUser","principalId":"\#(id)","arn":"arn:aws:iam::\#(account):user/svc-\#(number)","accountId":"\#(account)","accessKeyId":""#)
          .utf8),
      middle: Array(
        (isRole
          ? #"","sessionContext":{\#(issuer),"attributes":{"creationDate":""# : #"","userName":"svc-\#(number)"}"#).utf8
      ),
      tail: Array(context.utf8), address: Array(address(number).utf8), agent: Array(agents[number / 8 % 4].utf8),
      minter: Array(
        (kind == .instance
          ? "ec2.amazonaws.com" : kind == .function ? "lambda.amazonaws.com" : "pods.eks.amazonaws.com").utf8),
      owner: Array(String(number).utf8), actions: (0..<6).map { _ in random.below(actions) },
      phase: random.below(sessionLife))
  }

  /// The range set aside for benchmarks (RFC 2544); a few speak IPv6.
  private static func address(_ number: Int) -> String {
    number % 16 == 9
      ? "2001:db8:\(String(number, radix: 16))::7" : "198.\(18 + number / 65_536).\(number / 256 % 256).\(number % 256)"
  }
}

/// Draws an identity of one account after Zipf's law in constant time (Vose's alias method).
struct ZipfSampler {
  private var members: [Int]
  private var threshold: [Double]
  private var alias: [Int]
  let weight: Double

  init(_ members: [Int]) {
    let weights = members.map { 1 / Double($0 + 1) }
    let total = weights.reduce(0, +)
    var scaled = weights.map { $0 * Double(members.count) / total }
    var small = scaled.indices.filter { scaled[$0] < 1 }
    var large = scaled.indices.filter { scaled[$0] >= 1 }
    self.members = members
    weight = total
    threshold = Array(repeating: 1, count: members.count)
    alias = Array(members.indices)
    while let low = small.popLast(), let high = large.popLast() {
      threshold[low] = scaled[low]
      alias[low] = high
      scaled[high] -= 1 - scaled[low]
      if scaled[high] < 1 { small.append(high) } else { large.append(high) }
    }
  }

  func draw(_ random: inout SeededRandom) -> Int {
    let slot = random.below(members.count)
    return members[random.unit() < threshold[slot] ? slot : alias[slot]]
  }
}
