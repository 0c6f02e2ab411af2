import Synthesis

// What resembles an attack in AWS and is none.

extension Corpus {
  func awsLookalikes(_ start: Double, day: Int) {
    origins(start + 25_000, day)
    builders(start + 32_000, day)
    people(start + 34_000, day)
  }

  private func origins(_ t: Double, _ day: Int) {
    // A gateway endpoint shows the private address, the gateway the public one; a second gateway at night.
    var web = session(
      World.shop, "web-node", "i-0e11e11e11e11e11e", at: t, address: World.shopEgress,
      extra: [("ec2RoleDelivery", "2.0")])
    aws(
      t, .service(World.shop, "ec2.amazonaws.com"), "sts", "AssumeRole",
      request: ["roleArn": .string(web.caller.name), "roleSessionName": "i-0e11e11e11e11e11e"],
      response: ["credentials": ["accessKeyId": .string(web.key), "expiration": .string(self.day.spoken(t + 22_000))]])
    work(web.caller, from: t + 30, calls: 2)
    web.caller.endpoint = "vpce-0aa11bb22cc33dd44"
    aws(
      t + 300, web.caller, "s3", "GetObject", request: ["bucketName": "acme-static", "key": "a"], address: "10.40.1.9")
    // A service calls on its behalf: fresh key, no mint.
    aws(
      t + 400, web.caller, "kms", "Decrypt", address: "s3.amazonaws.com", agent: "s3.amazonaws.com",
      extra: [
        (
          "userIdentity",
          AWSSession(
            self, World.shop, "web-node", roleID: web.roleID, name: web.name, created: t, address: "s3.amazonaws.com"
          ).caller.identity.with(("invokedBy", "s3.amazonaws.com"))
        )
      ])
    // The agent of the host beside the program.
    aws(
      t + 500, web.caller, "ssm", "UpdateInstanceInformation",
      agent: "aws-sdk-go/1.44.260 (go1.20.10; linux; amd64) amazon-ssm-agent/3.2.2303.0")
    // A function shows an address a minute.
    let function = session(World.shop, "orders-fn", "orders-webhook", at: t, address: World.shopEgress, extra: [])
    for n in 0..<3 {
      aws(
        t + Double(n) * 60, function.caller, "dynamodb", "Query", address: "203.0.113.\(97 + n)",
        extra: [
          (
            "userIdentity",
            function.caller.identity.with(
              (
                "inScopeOf",
                [
                  "issuerType": "AWS::Lambda::Function",
                  "credentialsIssuedTo": .string("arn:aws:lambda:eu-west-1:\(World.shop):function:orders-webhook"),
                ]
              ))
          )
        ])
    }
    // Two jobs share a session's name, not a key.
    for n in 0..<2 {
      let job = session(
        World.shop, "docs-deploy", "GitHubActions", at: t + Double(n) * 100, address: World.runner(40 + n + day))
      webIdentityExchange(
        t + Double(n) * 100, job, subject: "repo:acme/docs:ref:refs/heads/main",
        provider: "token.actions.githubusercontent.com", agent: "aws-sdk-js/3.400.0 os/linux lang/js")
      work(job.caller, from: t + 120 + Double(n) * 100, calls: 2, every: 30)
    }
    // A key that a fleet of runners shares.
    let fleet = keyUser(World.platform, "artifact-reader", address: World.platformEgress)
    for n in 0..<10 {
      aws(
        t + Double(n) * 70, fleet, "s3", "GetObject", request: ["bucketName": "acme-artifacts", "key": "x"],
        address: World.runner(n))
    }
    // What fails without being refused; what is throttled; what works a minute later.
    let etl = keyUser(World.shop, "etl-loader", address: World.shopEgress)
    aws(t + 700, etl, "s3", "HeadObject", error: "NoSuchKey")
    aws(t + 705, etl, "dynamodb", "DescribeTable", error: "ThrottlingException")
    if day % 7 == 3 {
      aws(t + 800, etl, "sqs", "GetQueueUrl", error: "AccessDenied")
      aws(t + 860, etl, "sqs", "GetQueueUrl")
    }
  }

  private func builders(_ t: Double, _ day: Int) {
    // Infrastructure as code, once in three days: reads and writes in many services.
    if day % 3 == 1 {
      let starter = keyUser(
        World.platform, "terraform-ci", address: World.runner(60),
        agent: "APN/1.0 HashiCorp/1.0 Terraform/1.7.4 aws-sdk-go-v2/1.26.0 os/linux")
      let run = session(World.shop, "terraform", "run-\(day)", at: t, address: World.runner(60), agent: starter.agent)
      assume(t, starter, run)
      let services = ["iam", "ec2", "s3", "sqs", "lambda", "dynamodb"]
      let writes = [
        "CreateRole", "CreateSecurityGroup", "CreateBucket", "CreateQueue", "CreateFunction20150331", "CreateTable",
      ]
      for n in 0..<18 {
        aws(t + 20 + Double(n) * 12, run.caller, services[n % 6], n % 6 == 0 ? "GetRole" : "DescribeItems\(n % 6)")
        aws(
          t + 25 + Double(n) * 12, run.caller, services[n % 6], writes[n % 6],
          request: [
            "roleName": .string("svc-\(day)-\(n)"), "name": .string("svc-\(day)-\(n)"),
            "functionName": .string("svc-\(day)-\(n)"),
          ], readOnly: false)
      }
      aws(
        t + 300, run.caller, "iam", "AttachRolePolicy",
        request: ["roleName": .string("svc-\(day)-0"), "policyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"],
        readOnly: false)
    }
    // A rotator: a new key, and the old one goes.
    if day % 10 == 4 {
      let rotator = session(World.shop, "key-rotator", "rotate", at: t, address: World.shopEgress)
      assume(t, keyUser(World.shop, "rotator-cron", address: World.shopEgress), rotator)
      let key = self.key("AKIA")
      aws(
        t + 10, rotator.caller, "iam", "CreateAccessKey", request: ["userName": "mail-relay"],
        response: ["accessKey": ["accessKeyId": .string(key), "userName": "mail-relay", "status": "Active"]],
        readOnly: false)
      aws(
        t + 600, rotator.caller, "iam", "DeleteAccessKey",
        request: ["userName": "mail-relay", "accessKeyId": .string(self.key("AKIA"))], readOnly: false)
    }
    // The declared scanner and the declared backup.
    let scanner = keyUser(World.platform, "cspm-reader", address: World.platformEgress)
    for n in 0..<12 {
      aws(
        t + 1000 + Double(n) * 3, scanner, ["iam", "ec2", "s3", "kms"][n % 4],
        ["ListUsers", "DescribeInstances", "ListBuckets", "ListKeys"][n % 4], error: n % 5 == 0 ? "AccessDenied" : nil)
    }
    let backup = session(World.shop, "nightly-backup", "backup", at: t, address: World.shopEgress)
    assume(t, keyUser(World.shop, "backup-cron", address: World.shopEgress), backup)
    for n in 0..<4 {
      aws(
        t + 30 + Double(n) * 20, backup.caller, "ec2", "CreateSnapshot", request: ["volumeId": .string("vol-\(n)")],
        readOnly: false)
    }
    // A daily function deployment by its own pipeline; a patch document each week.
    let deployer = session(World.shop, "fn-pipeline", "deploy", at: t, address: World.runner(61))
    webIdentityExchange(
      t, deployer, subject: "repo:acme/fn:ref:refs/heads/main", provider: "token.actions.githubusercontent.com",
      agent: "aws-sdk-js/3.400.0 os/linux lang/js")
    aws(
      t + 40, deployer.caller, "lambda", "UpdateFunctionCode20150331v2",
      request: ["functionName": "docs-search", "publish": true], readOnly: false)
    if day % 7 == 2 {
      aws(
        t + 2000, keyUser(World.platform, "patch-cron", address: World.platformEgress), "ssm", "SendCommand",
        request: ["documentName": "AWS-RunPatchBaseline", "targets": [["key": "tag:patch", "values": ["yes"]]]],
        readOnly: false)
    }
    // Autoscaling starts hosts; a service-linked role works.
    aws(
      t + 3000, AWSCaller.service(World.shop, "autoscaling.amazonaws.com"), "ec2", "RunInstances",
      request: ["instanceType": "m7g.large", "maxCount": 1, "minCount": 1], readOnly: false)
    // Hub and spoke: from one role into the role of each account.
    let hub = session(World.platform, "hub", "hub", at: t, address: World.platformEgress)
    assume(t, keyUser(World.platform, "hub-cron", address: World.platformEgress), hub)
    for (n, account) in [World.shop, World.data].enumerated() {
      let spoke = session(account, "spoke", "hub", at: t + 60 + Double(n) * 30, address: World.platformEgress)
      assume(t + 60 + Double(n) * 30, hub.caller, spoke)
      work(
        spoke.caller, from: t + 80 + Double(n) * 30, calls: 2, [("ec2", "DescribeInstances"), ("s3", "ListBuckets")])
    }
  }

  private func people(_ t: Double, _ day: Int) {
    for (n, person) in ["alice", "bob", "carol"].enumerated() where (day + n) % 2 == 0 {
      let console = AWSCaller.console(self, World.shop, person + "@acme.example", office: n + 10)
      for k in 0..<4 {
        aws(
          t + Double(n) * 500 + Double(k) * 40, console, ["ec2", "s3", "iam", "cloudwatch"][k],
          ["DescribeInstances", "ListBuckets", "ListRoles", "GetMetricData"][k],
          extra: [("sessionCredentialFromConsole", "true")])
      }
    }
    // A developer's own key on a Mac, as every day.
    let developer = keyUser(World.shop, "dev-frank", address: World.office(30), agent: World.macCLI)
    work(developer, from: t + 4000, calls: 3, [("s3", "ListBuckets"), ("s3", "GetObject")])
  }
}
