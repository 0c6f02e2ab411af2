import Synthesis

extension World {
  /// One apply and two plans: the same client reads and writes in many services within minutes, and meets
  /// eventual consistency (refusals that pass a moment later) and throttling on its way.
  func terraformRuns() {
    for (number, start) in [8.4, 10.6, 15.2].enumerated() {
      let session = webIdentity(
        start * 3600, role: "terraform", repository: "acme/infrastructure", run: "\(14_220_990_100 + number * 401)",
        address: Place.runner(60 + number), agent: Agent.terraform)
      terraform(start * 3600 + 6, session, applies: number == 1)
    }
  }

  private func terraform(_ start: Double, _ session: Session, applies: Bool) {
    let caller = session.caller(self)
    let bucket: JSON = ["bucketName": "acme-refunds-archive"]
    let queueURL: JSON = ["queueUrl": .string("https://sqs.\(home).amazonaws.com/\(Account.platform)/refunds")]
    let role: JSON = ["roleName": "refunds-archiver"]
    let function: JSON = ["functionName": "refunds-archiver"]
    let group: JSON = ["logGroupName": "/aws/lambda/refunds-archiver"]
    let table: JSON = ["tableName": "refunds"]
    let trust = #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com","AWS":"arn:aws:iam::777788889999:role/terraform"},"Action":"sts:AssumeRole"}]}"#
    let policy = #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:PutObject"],"Resource":"arn:aws:s3:::acme-refunds-archive/*"}]}"#
    let arn = Session.roleARN(Account.platform, "refunds-archiver")
    let reads: [(String, String, JSON)] = [
      ("sts", "GetCallerIdentity", .null), ("ec2", "DescribeAccountAttributes", ["accountAttributeNameSet": ["items": [["attributeName": "supported-platforms"]]]]),
      ("iam", "GetRole", role), ("iam", "ListRolePolicies", role), ("iam", "ListAttachedRolePolicies", role),
      ("s3", "GetBucketVersioning", bucket), ("s3", "GetBucketEncryption", bucket), ("s3", "GetBucketTagging", bucket),
      ("s3", "GetBucketLogging", bucket), ("sqs", "GetQueueAttributes", queueURL), ("dynamodb", "DescribeTable", table),
      ("dynamodb", "DescribeContinuousBackups", table), ("logs", "DescribeLogGroups", ["logGroupNamePrefix": "/aws/lambda/refunds"]),
      ("lambda", "GetFunction20150331v2", function), ("events", "DescribeRule", ["name": "refunds-nightly"]),
      ("ec2", "DescribeSecurityGroups", ["securityGroupSet": ["items": [["groupId": "sg-0a1b2c3d4e5f60718"]]]]),
    ]
    let writes: [(String, String, JSON)] = [
      ("iam", "CreateRole", role.with(("assumeRolePolicyDocument", .string(trust)))),
      ("iam", "PutRolePolicy", role.with(("policyName", "write-archive"), ("policyDocument", .string(policy)))),
      ("iam", "AttachRolePolicy", role.with(("policyArn", "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"))),
      ("s3", "CreateBucket", bucket), ("s3", "PutBucketVersioning", bucket), ("s3", "PutBucketEncryption", bucket),
      ("s3", "PutBucketPublicAccessBlock", bucket), ("sqs", "CreateQueue", ["queueName": "refunds"]),
      ("dynamodb", "CreateTable", table), ("logs", "CreateLogGroup", group), ("logs", "PutRetentionPolicy", group.with(("retentionInDays", 30))),
      ("ec2", "CreateSecurityGroup", ["groupName": "refunds-archiver", "groupDescription": "archiver", "vpcId": "vpc-0d4c3b2a1908f7e6d"]),
      ("events", "PutRule", ["name": "refunds-nightly", "scheduleExpression": "rate(1 day)"]),
      ("lambda", "CreateFunction20150331", function.with(("role", .string(arn)), ("runtime", "python3.13"), ("handler", "main.run"))),
      ("events", "PutTargets", ["rule": "refunds-nightly"]),
    ]
    var time = start
    func run(_ list: [(String, String, JSON)], failing: [String: (String, String)] = [:]) {
      for (service, name, request) in list {
        var call = Call(service: service, name: name, request: request)
        call.error = failing[name]
        aws(time, in: Account.platform, call, by: caller)
        time += 0.6 + ids.unit() * 2.5
      }
    }
    let absent = ["GetRole": ("NoSuchEntityException", "The role with name refunds-archiver cannot be found.")]
    run(reads, failing: start < Cluster.rollout ? absent : applies ? absent : [:])
    guard applies else { return }
    run(Array(writes.prefix(13)), failing: ["CreateQueue": ("RequestThrottled", "Rate exceeded")])
    run([writes[7]])
    let notYet = ("InvalidParameterValueException", "The role defined for the function cannot be assumed by Lambda.")
    for _ in 0..<3 { run([writes[13]], failing: ["CreateFunction20150331": notYet]) }
    for attempt in 0..<4 {
      chainTooEarly(time + Double(attempt) * 4, from: session, to: "refunds-archiver", name: "terraform-check")
    }
    let check = chain(time + 17, from: session, to: "refunds-archiver", in: Account.platform, name: "terraform-check", lifetime: 900).session
    aws(time + 19, in: Account.platform, Call(service: "sts", name: "GetCallerIdentity"), by: check.caller(self))
    time += 22
    run(Array(writes.suffix(2)))
    run(reads)
  }
}
