import Synthesis

/// What the infrastructure repository's newest commit is about: an archive of refunds, with a function that fills it.
struct TerraformPlan {
  typealias Step = (service: String, name: String, request: JSON)

  static let roleName = "refunds-archiver"
  private static let bucket: JSON = ["bucketName": "acme-refunds-archive"]
  private static let role: JSON = ["roleName": .string(roleName)]
  private static let function: JSON = ["functionName": "refunds-archiver"]
  private static let group: JSON = ["logGroupName": "/aws/lambda/refunds-archiver"]
  private static let table: JSON = ["tableName": "refunds"]
  private static let topic: JSON = ["topicArn": .string("arn:aws:sns:\(home):\(Account.platform):refunds")]
  private static let queue: JSON = [
    "queueUrl": .string("https://sqs.\(home).amazonaws.com/\(Account.platform)/refunds")
  ]
  /// Who may take the role: the service that runs the function, and Terraform itself for its check.
  private static let trust =
    #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com","AWS":"arn:aws:iam::777788889999:role/terraform"},"Action":"sts:AssumeRole"}]}"#
  private static let policy =
    #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:PutObject"],"Resource":"arn:aws:s3:::acme-refunds-archive/*"}]}"#

  /// The refresh of every plan and apply.
  static var reads: [Step] {
    [
      ("sts", "GetCallerIdentity", .null),
      ("ec2", "DescribeAccountAttributes", ["accountAttributeNameSet": ["items": []]]),
      ("iam", "GetRole", role), ("iam", "ListRolePolicies", role), ("iam", "ListAttachedRolePolicies", role),
      ("s3", "GetBucketVersioning", bucket), ("s3", "GetBucketEncryption", bucket), ("s3", "GetBucketTagging", bucket),
      ("sqs", "GetQueueAttributes", queue), ("dynamodb", "DescribeTable", table), ("sns", "GetTopicAttributes", topic),
      ("dynamodb", "DescribeContinuousBackups", table), ("kms", "ListAliases", ["limit": 100]),
      ("logs", "DescribeLogGroups", ["logGroupNamePrefix": "/aws/lambda/refunds"]),
      ("lambda", "GetFunction20150331v2", function), ("events", "DescribeRule", ["name": "refunds-nightly"]),
      ("ssm", "GetParameter", ["name": "/refunds/archive", "withDecryption": false]),
      ("ec2", "DescribeSecurityGroups", ["securityGroupSet": ["items": [["groupId": "sg-0a1b2c3d4e5f60718"]]]]),
    ]
  }

  /// What is created before the function: more than ten things in nine services.
  static var writes: [Step] {
    [
      ("iam", "CreateRole", role.with(("assumeRolePolicyDocument", .string(trust)))),
      ("iam", "PutRolePolicy", role.with(("policyName", "write-archive"), ("policyDocument", .string(policy)))),
      (
        "iam", "AttachRolePolicy",
        role.with(("policyArn", "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"))
      ),
      ("s3", "CreateBucket", bucket), ("s3", "PutBucketVersioning", bucket), ("s3", "PutBucketEncryption", bucket),
      ("s3", "PutBucketPublicAccessBlock", bucket), ("s3", "CreateBucket", ["bucketName": "acme-refunds-inventory"]),
      ("sqs", "CreateQueue", ["queueName": "refunds-dead-letters"]), ("dynamodb", "CreateTable", table),
      ("sns", "CreateTopic", ["name": "refunds"]), ("kms", "CreateAlias", ["aliasName": "alias/refunds"]),
      ("logs", "CreateLogGroup", group), ("logs", "PutRetentionPolicy", group.with(("retentionInDays", 30))),
      (
        "ec2", "CreateSecurityGroup",
        ["groupName": "refunds-archiver", "groupDescription": "archiver", "vpcId": "vpc-0d4c3b2a1908f7e6d"]
      ),
      ("events", "PutRule", ["name": "refunds-nightly", "scheduleExpression": "rate(1 day)"]),
      (
        "ssm", "PutParameter",
        ["name": "/refunds/archive", "value": "HIDDEN_DUE_TO_SECURITY_REASONS", "type": "String"]
      ),
    ]
  }

  static let createQueue: Step = ("sqs", "CreateQueue", ["queueName": "refunds"])
  static var createFunction: Step {
    let arn = Session.roleARN(Account.platform, roleName)
    let code: JSON = function.with(("role", .string(arn)), ("runtime", "python3.13"), ("handler", "main.run"))
    return ("lambda", "CreateFunction20150331", code)
  }
  static let putTargets: Step = ("events", "PutTargets", ["rule": "refunds-nightly"])
}
