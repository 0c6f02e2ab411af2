import Synthesis

extension World {
  /// What AWS does by itself, the functions, the data hosts, and two users with declared long-lived keys.
  func serviceTraffic() {
    for account in Account.all { accountNoise(account) }
    for name in ["thumbnailer", "report-mailer"] { function(name) }
    for number in 0..<2 { dataHost(number) }
    keyUsers()
  }

  private func accountNoise(_ account: String) {
    let bucket: JSON = ["bucketName": "acme-org-trail", "Host": "acme-org-trail.s3.eu-west-1.amazonaws.com", "acl": ""]
    for time in every(1100, stream: "trail/" + account) {
      aws(
        time, in: account, Call(service: "s3", name: "GetBucketAcl", request: bucket),
        by: .service("cloudtrail.amazonaws.com"))
    }
    let recorder = Session(
      account: account, role: "AWSServiceRoleForConfig", name: "AWSConfig-Describe", key: "", created: 0, until: 0,
      address: "", agent: "")
    let views = [
      ("ec2", "DescribeVolumes"), ("iam", "ListPolicies"), ("lambda", "ListFunctions20150331"),
      ("s3", "GetBucketPolicyStatus"), ("kms", "ListAliases"),
    ]
    for (index, time) in every(700, stream: "config/" + account).enumerated() {
      let view = views[index % views.count]
      let session = Session(
        account: account, role: recorder.role, name: recorder.name, key: keyID("ASIA"),
        created: (time - 200).rounded(.down), until: time + 3000,
        address: "", agent: "")
      aws(
        time, in: account, Call(service: view.0, name: view.1), by: session.forwarded(by: "config.amazonaws.com", self))
    }
    for time in every(7000, stream: "rotation/" + account) {
      let call = Call(
        service: "kms", name: "SynchronizeMultiRegionKey",
        resources: [
          resource(account, "AWS::KMS::Key", "arn:aws:kms:\(home):\(account):key/\(stableUUID("kms/" + account))")
        ], eventType: "AwsServiceEvent", readOnly: false)
      let own = Caller(
        identity: ["accountId": .string(account), "invokedBy": "AWS Internal"], address: "AWS Internal",
        agent: "AWS Internal", tls: false)
      aws(time, in: account, call, by: own)
    }
  }

  private func function(_ name: String) {
    let scope: JSON = [
      "issuerType": "AWS::Lambda::Function",
      "credentialsIssuedTo": .string("arn:aws:lambda:\(home):\(Account.data):function:\(name)"),
    ]
    for start in every(3500, stream: "lambda/" + name) {
      let session = Session(
        account: Account.data, role: "lambda-" + name, name: name, key: keyID("ASIA"), created: start.rounded(.down),
        until: start + 43_200,
        address: Place.lambdaEgress, agent: Agent.nodeSDK, scope: scope)
      serviceMint(session, by: "lambda.amazonaws.com")
      let stream: JSON = [
        "logGroupName": .string("/aws/lambda/" + name), "logStreamName": .string("2026/03/17/[$LATEST]" + ids.hex(32)),
      ]
      aws(
        start + 1, in: Account.data, Call(service: "logs", name: "CreateLogStream", request: stream),
        by: session.caller(self))
      for step in 0..<6 {
        let time = start + 2 + Double(step) * 90
        if time > 86_390 { break }
        let call = object(
          step % 2 == 0 ? "GetObject" : "PutObject", "acme-media-prod", "items/\(48_000 + step)/original.jpg",
          Account.data)
        aws(time, in: Account.data, call, by: session.caller(self))
      }
    }
  }

  private func dataHost(_ number: Int) {
    let address = "10.40.1.\(20 + number)"
    let host = start(
      Instance(
        id: "i-0" + stableUUID("etl\(number)").replacing("-", with: "").prefix(16), account: Account.data,
        role: "etl-host",
        hostname: "ip-10-40-1-\(20 + number).\(home).compute.internal", privateAddress: address,
        egress: Place.dataEgress))
    agentReports(host)
    for (index, time) in every(420, stream: "etl\(number)").enumerated() {
      var caller = host.session(at: time, key: 1, agent: Agent.boto).caller(self)
      if index % 3 == 2 {  // Through the VPC's endpoint the private address shows.
        caller.address = address
        caller.vpce = "vpce-0a9f8e7d6c5b4a392"
      }
      aws(
        time, in: Account.data,
        object(
          ["ListObjects", "GetObject", "PutObject"][index % 3], "acme-lake-raw",
          "orders/dt=2026-03-17/part-\(index).parquet", Account.data), by: caller)
    }
  }

  private func keyUsers() {
    let partner = KeyUser(
      account: Account.data, name: "partner-feed", key: "AKIAPARTNER01EXAMPLE", address: Place.datacenter,
      agent: "aws-cli/1.42.19 md/Botocore#1.40.19 ua/2.1 os/linux#5.14.0 md/arch#x86_64 lang/python#3.9.21")
    let printer = KeyUser(
      account: Account.shop, name: "warehouse-printer", key: "AKIAPRINTER22EXAMPLE", address: Place.datacenter,
      agent: Agent.javaSDK)
    for (index, time) in every(1500, stream: "partner-feed").enumerated() {
      aws(
        time, in: Account.data,
        object(index % 2 == 0 ? "ListObjects" : "PutObject", "acme-partner-drop", "feed/\(index).csv", Account.data),
        by: partner.caller)
    }
    for time in every(900, stream: "warehouse-printer") {
      aws(time, in: Account.shop, queue("ReceiveMessage", "labels"), by: printer.caller)
    }
  }
}
