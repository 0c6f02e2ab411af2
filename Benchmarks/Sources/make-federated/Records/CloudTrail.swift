import Synthesis

/// Who makes a CloudTrail call, as `userIdentity` says it.
struct AWSCaller {
  var account: String
  var identity: JSON
  /// Of a key or session: its id.
  var key = ""
  /// The identity's own name: the role or user.
  var name = ""
  var address = World.shopEgress
  var agent = World.linuxSDK
  var endpoint: String?

  static func user(_ corpus: Corpus, _ account: String, _ name: String, address: String, agent: String) -> AWSCaller {
    user(account, name, key: corpus.key("AKIA"), id: corpus.principal("AIDA"), address: address, agent: agent)
  }

  static func user(
    _ account: String, _ name: String, key: String, id: String, address: String, agent: String = World.linuxSDK
  ) -> AWSCaller {
    AWSCaller(
      account: account,
      identity: [
        "type": "IAMUser", "principalId": .string(id), "arn": .string(World.user(account, name)),
        "accountId": .string(account), "accessKeyId": .string(key), "userName": .string(name),
      ], key: key, name: World.user(account, name), address: address, agent: agent)
  }

  /// A person in the console.
  static func console(_ corpus: Corpus, _ account: String, _ person: String, office: Int, mfa: Bool = true) -> AWSCaller
  {
    let role = "AWSReservedSSO_PowerUser_0123456789abcdef"
    return AWSCaller(
      account: account,
      identity: [
        "type": "AssumedRole", "principalId": .string("\(corpus.principal("AROA")):\(person)"),
        "arn": .string("arn:aws:sts::\(account):assumed-role/\(role)/\(person)"), "accountId": .string(account),
        "accessKeyId": .string(corpus.key("ASIA")),
        "sessionContext": [
          "sessionIssuer": [
            "type": "Role", "principalId": .string(corpus.principal("AROA")),
            "arn": .string("arn:aws:iam::\(account):role/aws-reserved/sso.amazonaws.com/\(role)"),
            "accountId": .string(account), "userName": .string(role),
          ],
          "attributes": ["mfaAuthenticated": .string(mfa ? "true" : "false")],
        ],
      ], name: role, address: World.office(office), agent: World.browser)
  }

  static func service(_ account: String, _ name: String) -> AWSCaller {
    AWSCaller(
      account: account, identity: ["type": "AWSService", "invokedBy": .string(name)], name: name, address: name,
      agent: name)
  }
}

/// A role's session.
struct AWSSession {
  var account, role, roleID, name, key: String
  var created: Double
  var caller: AWSCaller

  /// - Parameter extra: what `sessionContext` says besides issuer and times.
  init(
    _ corpus: Corpus, _ account: String, _ role: String, roleID: String, name: String, created: Double,
    address: String, agent: String = World.linuxSDK, key: String? = nil, extra: [(String, JSON)] = []
  ) {
    (self.account, self.role, self.roleID, self.name, self.created) = (account, role, roleID, name, created)
    self.key = key ?? corpus.key("ASIA")
    caller = AWSCaller(
      account: account,
      identity: [
        "type": "AssumedRole", "principalId": .string("\(roleID):\(name)"),
        "arn": .string("arn:aws:sts::\(account):assumed-role/\(role)/\(name)"), "accountId": .string(account),
        "accessKeyId": .string(self.key),
        "sessionContext": .object(
          [
            (
              "sessionIssuer",
              [
                "type": "Role", "principalId": .string(roleID), "arn": .string(World.role(account, role)),
                "accountId": .string(account), "userName": .string(role),
              ]
            ),
            (
              "attributes",
              ["creationDate": .string(corpus.day.iso(created)), "mfaAuthenticated": "false"]
            ),
          ] + extra),
      ], key: self.key, name: World.role(account, role), address: address, agent: agent)
  }

  /// What the mint's answer says of it.
  func issued(_ corpus: Corpus, hours: Double = 1) -> JSON {
    [
      "credentials": [
        "accessKeyId": .string(key), "sessionToken": "HIDDEN",
        "expiration": .string(corpus.day.spoken(created + hours * 3600)),
      ],
      "assumedRoleUser": [
        "assumedRoleId": .string("\(roleID):\(name)"),
        "arn": .string("arn:aws:sts::\(account):assumed-role/\(role)/\(name)"),
      ],
    ]
  }
}

extension Corpus {
  /// Writes one CloudTrail record; gives its id.
  @discardableResult func aws(
    _ time: Double, _ caller: AWSCaller, _ service: String, _ name: String, request: JSON = .null,
    response: JSON = .null, error: String? = nil, recipient: String? = nil, shared: String? = nil,
    address: String? = nil, agent: String? = nil, readOnly: Bool = true, extra: [(String, JSON)] = []
  ) -> String {
    let id = uuid()
    let source = "\(service).amazonaws.com"
    let record: JSON = [
      "eventVersion": "1.09", "userIdentity": caller.identity, "eventTime": .string(day.iso(time)),
      "eventSource": .string(source), "eventName": .string(name), "awsRegion": .string(World.region),
      "sourceIPAddress": .string(address ?? caller.address), "userAgent": .string(agent ?? caller.agent),
      "requestParameters": request, "responseElements": response, "requestID": .string(uuid()),
      "eventID": .string(id), "readOnly": .bool(readOnly), "eventType": "AwsApiCall", "managementEvent": true,
      "recipientAccountId": .string(recipient ?? caller.account), "eventCategory": "Management",
    ]
    let isCall = !caller.address.hasSuffix(".amazonaws.com")
    add(
      .cloudtrail, time,
      record.with(
        ("errorCode", error.map { .string($0) }),
        ("errorMessage", error.map { .string("User: \(caller.name) is not authorized: \($0)") }),
        ("sharedEventID", shared.map { .string($0) }), ("vpcEndpointId", caller.endpoint.map { .string($0) }),
        (
          "tlsDetails",
          isCall
            ? [
              "tlsVersion": "TLSv1.3", "cipherSuite": "TLS_AES_128_GCM_SHA256",
              "clientProvidedHostHeader": .string("\(service).\(World.region).amazonaws.com"),
            ] : nil
        )
      ).merging(extra))
    return id
  }

  /// sts:AssumeRole of a session by a caller; gives the event's id.
  @discardableResult func assume(
    _ time: Double, _ caller: AWSCaller, _ session: AWSSession, hours: Double = 1, tags: [(String, JSON)] = [],
    address: String? = nil, agent: String? = nil
  ) -> String {
    let request: JSON = .object(
      [
        ("roleArn", .string(World.role(session.account, session.role))), ("roleSessionName", .string(session.name)),
        ("durationSeconds", .int(Int(hours * 3600))),
      ] + tags)
    let isCrossing = caller.account != session.account
    let shared = isCrossing ? uuid() : nil
    let id = aws(
      time, caller, "sts", "AssumeRole", request: request, response: session.issued(self, hours: hours),
      shared: shared, address: address, agent: agent)
    // The role's own account has its own copy of the call, without the caller's key.
    if isCrossing, case .object(let identity) = caller.identity {
      var outsider = caller
      let principal = identity.first { $0.0 == "principalId" }?.1 ?? ""
      outsider.identity = ["type": "AWSAccount", "principalId": principal, "accountId": .string(caller.account)]
      aws(
        time, outsider, "sts", "AssumeRole", request: request, response: session.issued(self, hours: hours),
        recipient: session.account, shared: shared, address: address, agent: agent)
    }
    return id
  }

  /// A few ordinary calls of a session or key; gives their ids.
  @discardableResult func work(
    _ caller: AWSCaller, from start: Double, calls: Int, every gap: Double = 240,
    _ kinds: [(String, String)] = [("s3", "GetObject"), ("sqs", "ReceiveMessage"), ("dynamodb", "Query")]
  ) -> [String] {
    (0..<calls).map { n in
      let kind = kinds[n % kinds.count]
      return aws(
        start + Double(n) * gap + ids.between(0, gap * 0.2), caller, kind.0, kind.1,
        request: ["bucketName": "acme-orders", "key": .string("day/\(n % 7).json")])
    }
  }
}

extension JSON {
  func merging(_ fields: [(String, JSON)]) -> JSON {
    guard case .object(var all) = self else { return self }
    for (key, value) in fields {
      all.removeAll { $0.0 == key }
      all.append((key, value))
    }
    return .object(all)
  }
}
