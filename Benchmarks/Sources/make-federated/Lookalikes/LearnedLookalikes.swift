import Synthesis

// What resembles an attack until one has learned how the place works: egress that nobody declared, an address that is changed
// on purpose, a crowd behind one gateway, a permission on its way, routine, runs of infrastructure as code. Every one lies
// outside of what bittern.yml declares, so that only learning excuses it.

extension Corpus {
  func learnedLookalikes(_ start: Double, day: Int) {
    gateways(start + 20_000, day)
    if day % 6 == 4 { failover(start + 40_000, day) }
    if day % 8 == 5 { newAddress(start + 44_000, day) }
    if day % 9 == 7 { detour(start + 48_000, day) }
    if day % 4 == 2 { permissionOnItsWay(start + 52_000, day) }
    refresh(start + 3_000)
    if day % 5 == 3 { stack(start + 56_000, day) }
  }

  /// Egress of a part of the organization that its configuration does not name.
  private func gateway(_ n: Int) -> String { "203.0.113.\(33 + n % 12)" }

  /// An instance's session with its mint.
  private func host(_ role: String, _ number: Int, _ day: Int, at t: Double, address: String) -> AWSSession {
    var stable = SeededRandom(seed: 7, stream: "\(role)-\(number)-\(day)")
    let name = "i-0" + stable.hex(16)
    let live = session(World.shop, role, name, at: t, address: address, extra: [("ec2RoleDelivery", "2.0")])
    aws(
      t, .service(World.shop, "ec2.amazonaws.com"), "sts", "AssumeRole",
      request: ["roleArn": .string(live.caller.name), "roleSessionName": .string(name)],
      response: ["credentials": ["accessKeyId": .string(live.key), "expiration": .string(self.day.spoken(t + 22_000))]])
    return live
  }

  /// A fleet goes out through two gateways, as its routes have it: half of it begins at each.
  private func gateways(_ t: Double, _ day: Int) {
    for n in 0..<6 {
      let live = host("render-node", n, day, at: t + Double(n) * 20, address: gateway(n % 2))
      work(live.caller, from: t + 60 + Double(n) * 20, calls: 2)
      var other = live.caller
      other.address = gateway(n % 2 + 1 - n % 2 * 2)
      work(other, from: t + 1200 + Double(n) * 20, calls: 2)
    }
  }

  /// A gateway fails: all hosts of a role come from the other region's, and new ones start there.
  private func failover(_ t: Double, _ day: Int) {
    let (home, other) = (gateway(4), gateway(5))
    for n in 0..<4 {
      var live = host("stream-node", n, day, at: t + Double(n) * 10, address: home)
      work(live.caller, from: t + 60 + Double(n) * 10, calls: 2)
      live.caller.address = other
      work(live.caller, from: t + 2400 + Double(n) * 10, calls: 2)
    }
    for n in 4..<7 {
      let live = host("stream-node", n, day, at: t + 2000 + Double(n) * 10, address: other)
      work(live.caller, from: t + 2100 + Double(n) * 10, calls: 2)
    }
  }

  /// An instance is given an address of its own.
  private func newAddress(_ t: Double, _ day: Int) {
    var live = host("mail-node", 0, day, at: t, address: gateway(6))
    work(live.caller, from: t + 60, calls: 2)
    aws(
      t + 900, keyUser(World.platform, "network-cron", address: World.platformEgress), "ec2", "AssociateAddress",
      request: ["instanceId": .string(live.name), "allocationId": .string("eipalloc-0\(day)")],
      recipient: World.shop, readOnly: false)
    live.caller.address = gateway(7)
    work(live.caller, from: t + 1000, calls: 3)
  }

  /// For an evening the hosts of ten customers go out through their provider's own gateway.
  private func detour(_ t: Double, _ day: Int) {
    for n in 0..<10 {
      var user = keyUser([World.shop, World.data][n % 2], "branch-\(n)", address: "198.51.100.\(140 + n)")
      work(user, from: t + Double(n) * 30, calls: 4, every: 400)
      user.address = World.outside(240 + day % 9 + day / 9)
      work(user, from: t + 7200 + Double(n) * 30, calls: 2)
    }
  }

  /// A job runs before its new policy has arrived everywhere; the same calls work some minutes later.
  private func permissionOnItsWay(_ t: Double, _ day: Int) {
    let job = session(World.shop, "ledger-job", "run-\(day)", at: t, address: World.shopEgress)
    assume(t, keyUser(World.shop, "ledger-cron", address: World.shopEgress), job)
    let calls = [
      ("sqs", "GetQueueUrl"), ("sns", "ListTopics"), ("dynamodb", "ListTables"), ("kms", "ListAliases"),
      ("logs", "DescribeLogGroups"), ("events", "ListRules"), ("states", "ListStateMachines"),
      ("athena", "ListWorkGroups"), ("glue", "GetDatabases"), ("kinesis", "ListStreams"),
      ("ecr", "DescribeRepositories"),
      ("cloudwatch", "DescribeAlarms"),
    ]
    for (n, call) in calls.enumerated() {
      aws(t + 20 + Double(n) * 3, job.caller, call.0, call.1, error: "AccessDenied")
      aws(t + 320 + Double(n) * 3, job.caller, call.0, call.1)
    }
  }

  /// Every few hours all secrets of a shop are read again, to be put into its cluster.
  private func refresh(_ t: Double) {
    let syncer = keyUser(World.shop, "secret-syncer", address: World.shopEgress)
    for hour in [0.0, 6, 12, 18] {
      aws(t + hour * 3600, syncer, "secretsmanager", "ListSecrets")
      for n in 0..<7 {
        aws(
          t + hour * 3600 + 4 + Double(n) * 3, syncer, "secretsmanager", "GetSecretValue",
          request: ["secretId": .string("shop/\(n)")])
      }
    }
  }

  /// A run of infrastructure as code that also makes what else is rare: a user, its key, a role with power.
  private func stack(_ t: Double, _ day: Int) {
    let run = session(World.data, "stack-runner", "run-\(day)", at: t, address: World.runner(62), agent: World.goSDK)
    assume(t, keyUser(World.platform, "stack-ci", address: World.runner(62), agent: World.goSDK), run)
    let (user, role) = ("svc-\(day)", "app-\(day)")
    let writes: [(String, String, JSON)] = [
      ("ec2", "CreateSecurityGroup", ["groupName": .string(role)]),
      ("s3", "CreateBucket", ["bucketName": .string(role)]),
      ("sqs", "CreateQueue", ["queueName": .string(role)]), ("dynamodb", "CreateTable", ["tableName": .string(role)]),
      ("sns", "CreateTopic", ["name": .string(role)]), ("logs", "CreateLogGroup", ["logGroupName": .string(role)]),
      ("kms", "CreateAlias", ["aliasName": .string("alias/" + role)]), ("events", "PutRule", ["name": .string(role)]),
      ("iam", "CreateRole", ["roleName": .string(role)]), ("iam", "CreatePolicy", ["policyName": .string(role)]),
      ("iam", "CreateUser", ["userName": .string(user)]),
      (
        "iam", "AttachRolePolicy",
        [
          "roleName": .string(role), "policyArn": "arn:aws:iam::aws:policy/PowerUserAccess",
        ]
      ),
    ]
    for (n, write) in writes.enumerated() {
      aws(t + 20 + Double(n) * 20, run.caller, write.0, "DescribeThings\(n)")
      aws(t + 25 + Double(n) * 20, run.caller, write.0, write.1, request: write.2, readOnly: false)
    }
    aws(
      t + 300, run.caller, "iam", "CreateAccessKey", request: ["userName": .string(user)],
      response: ["accessKey": ["accessKeyId": .string(key("AKIA")), "userName": .string(user), "status": "Active"]],
      readOnly: false)
  }
}
