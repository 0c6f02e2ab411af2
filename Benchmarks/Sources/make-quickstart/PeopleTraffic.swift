import Synthesis

extension World {
  /// People in the console and on the command line, through single sign-on, from the office.
  func peopleTraffic() {
    let people = ["alice", "bruno", "chen", "dagny", "emre"]
    for (number, person) in people.enumerated() {
      var random = random("person/" + person)
      for visit in 0..<2 {
        let account = Account.all[(number + visit) % 3]
        let start = (8.1 + Double(visit) * 4.5 + random.unit() * 3) * 3600
        consoleVisit(start, person, account, Place.office(number), &random)
      }
      commandLine((9.5 + random.unit() * 6) * 3600, person, Place.office(number), &random)
    }
  }

  private func signOn(_ time: Double, _ person: String, _ account: String, _ address: String, console: Bool) -> Session
  {
    let set = console ? "ReadOnly_5f2d71c0a9b8e643" : "Developer_8c1e90b7d6f5a432"
    var session = Session(
      account: account, role: "AWSReservedSSO_" + set, name: "\(person)@acme.example", key: keyID("ASIA"),
      created: time.rounded(.down),
      until: time + 28_800, address: address, agent: console ? Agent.browser : Agent.macCLI)
    if console { session.context = ["sessionCredentialFromConsole": "true"] }
    let provider = "AWSSSO_1f0e9d8c7b6a5432_DO_NOT_DELETE"
    let identity: JSON = [
      "type": "SAMLUser", "principalId": .string("\(stableID("", of: provider)):\(session.name)"),
      "userName": .string(session.name), "identityProvider": .string(stableID("", of: provider)),
    ]
    let request: JSON = [
      "sAMLAssertionID": .string("_" + ids.uuid()), "roleSessionName": .string(session.name), "durationSeconds": 28_800,
      "roleArn": .string(session.roleARN), "principalArn": .string("arn:aws:iam::\(account):saml-provider/\(provider)"),
    ]
    let response: JSON = [
      "credentials": [
        "accessKeyId": .string(session.key), "sessionToken": token(), "expiration": .string(day.spoken(session.until)),
      ],
      "assumedRoleUser": ["assumedRoleId": .string(session.principal), "arn": .string(session.arn)],
      "subject": .string(session.name), "subjectType": "persistent",
      "issuer": "https://portal.sso.eu-west-1.amazonaws.com/saml/assertion",
      "audience": "https://signin.aws.amazon.com/saml",
    ]
    let call = Call(
      service: "sts", name: "AssumeRoleWithSAML", request: request, response: response,
      resources: [resource(account, "AWS::IAM::Role", session.roleARN)])
    aws(
      time, in: account, call,
      by: Caller(identity: identity, address: "AWS Internal", agent: "AWS Internal", tls: false))
    return session
  }

  private func consoleVisit(
    _ start: Double, _ person: String, _ account: String, _ address: String, _ random: inout SeededRandom
  ) {
    let session = signOn(start, person, account, address, console: true)
    let login = Call(
      service: "signin", name: "ConsoleLogin", response: ["ConsoleLogin": "Success"],
      extra: ["MobileVersion": "No", "MFAUsed": "No", "LoginTo": "https://console.aws.amazon.com/console/home"],
      eventType: "AwsConsoleSignIn", readOnly: false)
    aws(start + 2, in: account, login, by: session.caller(self))
    let views: [(String, String)] = [
      ("ec2", "DescribeInstances"), ("ec2", "DescribeInstanceStatus"), ("monitoring", "DescribeAlarms"),
      ("monitoring", "GetMetricData"),
      ("logs", "DescribeLogGroups"), ("cloudformation", "ListStacks"), ("health", "DescribeEventAggregates"),
      ("lambda", "ListFunctions20150331"),
      ("rds", "DescribeDBInstances"), ("notifications", "ListNotificationHubs"), ("eks", "ListClusters"),
      ("ce", "GetCostAndUsage"),
    ]
    var time = start + 6
    for _ in 0..<(14 + random.below(14)) {
      let view = random.pick(views)
      var caller = session.caller(self)
      caller.tls = random.chance(0.5)
      var call = Call(service: view.0, name: view.1, request: ["maxResults": .int(50)])
      if view.0 == "health" { call.error = ("SubscriptionRequiredException", "") }
      aws(time, in: account, call, by: caller)
      time += random.between(0.5, 50)
    }
  }

  /// A developer's laptop: the AWS CLI on a Mac, then kubectl with the same session.
  private func commandLine(_ start: Double, _ person: String, _ address: String, _ random: inout SeededRandom) {
    let session = signOn(start, person, Account.shop, address, console: false)
    aws(start + 40, in: Account.shop, Call(service: "sts", name: "GetCallerIdentity"), by: session.caller(self))
    aws(
      start + 44, in: Account.shop,
      Call(service: "eks", name: "DescribeCluster", request: ["name": .string(Cluster.name)]), by: session.caller(self))
    let user: JSON = [
      "username": .string(session.arn), "uid": .string("aws-iam-authenticator:\(Account.shop):\(session.roleID)"),
      "groups": ["acme:developers", "system:authenticated"],
      "extra": [
        "accessKeyId": [.string(session.key)], "arn": [.string(session.arn)],
        "canonicalArn": [.string(session.roleARN)],
        "principalId": [.string(session.roleID)], "sessionName": [.string(session.name)],
      ],
    ]
    let caller = KubernetesCaller(
      user: user, address: address, agent: "kubectl/v1.33.4 (darwin/arm64) kubernetes/2f7a1f6",
      reason:
        "RBAC: allowed by ClusterRoleBinding \"developers-view\" of ClusterRole \"view\" to Group \"acme:developers\"")
    var time = start + 60
    for _ in 0..<(8 + random.below(10)) {
      let kind = random.pick(["pods", "services", "events", "configmaps"])
      kubernetes(time, .on(kind, "list", in: random.pick(["shop", "billing"]), query: "?limit=500"), by: caller)
      time += random.between(4, 90)
    }
  }
}
