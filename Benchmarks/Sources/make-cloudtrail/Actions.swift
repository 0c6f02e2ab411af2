/// The calls that the corpus is made of: service, name, request, response, resource, and what makes it an error.
struct Action {
  var service, name: String
  var request = "null"
  var response = "null"
  var resource = ""
  var extra = ""
  var error = ""
  var isData = false
  var reads = true

  private static let head = #"{"eventVersion":"1.11","userIdentity":%P,"eventTime":"%T","#

  /// The whole record.
  var template: Template {
    let host = service == "iam" ? "iam.amazonaws.com" : "\(service).%R.amazonaws.com"
    let failure =
      error.isEmpty ? "" : #""errorCode":"\#(error)","errorMessage":"Rate exceeded or not found: request %X","#
    let resources =
      resource.isEmpty
      ? "" : #""resources":[{"accountId":"%A","type":"AWS::\#(service)::Resource","ARN":"\#(resource)"}],"#
    let more = extra.isEmpty ? "" : #""additionalEventData":\#(extra),"#
    return Template(
      Self.head
        + #""eventSource":"\#(service).amazonaws.com","eventName":"\#(name)","awsRegion":"%R","sourceIPAddress":"%I","userAgent":"%V",\#(failure)"requestParameters":\#(request),"responseElements":\#(response),\#(more)"requestID":"%U","eventID":"%U","readOnly":\#(reads),\#(resources)"eventType":"AwsApiCall","managementEvent":\#(!isData),"recipientAccountId":"%A","eventCategory":"\#(isData ? "Data" : "Management")","tlsDetails":{"tlsVersion":"TLSv1.3","cipherSuite":"TLS_AES_128_GCM_SHA256","clientProvidedHostHeader":"\#(host)"}}"#
    )
  }

  /// Instances of one call, described as EC2 does: nested lists.
  private static let instances =
    #"{"filterSet":{"items":[{"name":"tag:service","valueSet":{"items":[{"value":"svc-%J"},{"value":"svc-%J-canary"}]}},{"name":"instance-state-name","valueSet":{"items":[{"value":"running"}]}}]},"instancesSet":{},"maxResults":%N}"#

  /// Two metric queries, as dashboards and scalers send them.
  private static func query(_ id: String, _ metric: String) -> String {
    #"{"id":"\#(id)","label":"svc-%J \#(metric)","returnData":true,"metricStat":{"metric":{"namespace":"AWS/SQS","metricName":"\#(metric)","dimensions":[{"name":"QueueName","value":"svc-%J"},{"name":"Stage","value":"prod"}]},"period":60,"stat":"Maximum","unit":"Count"}}"#
  }
  /// What a put of a task definition or a run answers: nested objects of some depth.
  private static let fleet =
    #"{"requestId":"%U","fleetId":"fleet-%X","instances":[{"instanceIds":["i-0%X%X","i-0%X%X"],"lifecycle":"spot","platform":"linux","launchTemplateAndOverrides":{"launchTemplateSpecification":{"launchTemplateId":"lt-0%X","version":"%N"},"overrides":{"instanceType":"m7g.large","subnetId":"subnet-0%X","availabilityZone":"%Ra","weightedCapacity":1,"priority":2}}}],"errors":[]}"#
  private static let containers =
    #"[{"name":"app","image":"%A.dkr.ecr.%R.amazonaws.com/acme/svc-%J:v%N","cpu":256,"memory":512,"essential":true,"environment":[{"name":"STAGE","value":"prod"},{"name":"BUILD","value":"%X"}],"portMappings":[{"containerPort":8080,"protocol":"tcp"}],"logConfiguration":{"logDriver":"awslogs","options":{"awslogs-group":"/svc/%J","awslogs-region":"%R","awslogs-stream-prefix":"app"}}}]"#

  static let all: [Action] = [
    Action(
      service: "s3", name: "GetObject",
      request: #"{"bucketName":"acme-svc-%J","Host":"acme-svc-%J.s3.%R.amazonaws.com","key":"2026/part-%X.parquet"}"#,
      resource: "arn:aws:s3:::acme-svc-%J/2026/part-%X.parquet",
      extra:
        #"{"SignatureVersion":"SigV4","CipherSuite":"TLS_AES_128_GCM_SHA256","bytesTransferredIn":0,"AuthenticationMethod":"AuthHeader","x-amz-id-2":"%X%X%X","bytesTransferredOut":%N}"#,
      isData: true),
    Action(
      service: "s3", name: "PutObject",
      request:
        #"{"bucketName":"acme-svc-%J","Host":"acme-svc-%J.s3.%R.amazonaws.com","key":"out/%X.json","x-amz-server-side-encryption":"aws:kms"}"#,
      response: #"{"x-amz-server-side-encryption":"aws:kms","x-amz-version-id":"%X%X"}"#,
      resource: "arn:aws:s3:::acme-svc-%J/out/%X.json", isData: true, reads: false),
    Action(
      service: "dynamodb", name: "GetItem",
      request:
        #"{"tableName":"svc-%J","key":{"pk":"HIDDEN_DUE_TO_SECURITY_REASONS","sk":"HIDDEN_DUE_TO_SECURITY_REASONS"},"consistentRead":false,"returnConsumedCapacity":"TOTAL"}"#,
      resource: "arn:aws:dynamodb:%R:%A:table/svc-%J", isData: true),
    Action(
      service: "dynamodb", name: "UpdateItem",
      request:
        #"{"tableName":"svc-%J","key":{"pk":"HIDDEN_DUE_TO_SECURITY_REASONS"},"updateExpression":"SET #a = :v","expressionAttributeNames":{"\#("#")a":"state"}}"#,
      resource: "arn:aws:dynamodb:%R:%A:table/svc-%J", isData: true, reads: false),
    Action(service: "ec2", name: "DescribeInstances", request: instances),
    Action(
      service: "ec2", name: "DescribeNetworkInterfaces",
      request:
        #"{"networkInterfaceIdSet":{"items":[{"networkInterfaceId":"eni-%X"},{"networkInterfaceId":"eni-%X"}]},"filterSet":{"items":[{"name":"vpc-id","valueSet":{"items":[{"value":"vpc-0d4c3b2a%J"}]}}]}}"#
    ),
    Action(
      service: "ec2", name: "CreateTags",
      request:
        #"{"resourcesSet":{"items":[{"resourceId":"vol-%X%X"}]},"tagSet":{"items":[{"key":"owner","value":"svc-%J"},{"key":"run","value":"%X"},{"key":"cost-center","value":"%N"}]}}"#,
      response: #"{"requestId":"%U","_return":true}"#, reads: false),
    Action(
      service: "ec2", name: "DescribeFleetInstances",
      request:
        #"{"fleetId":"fleet-%X","filters":[{"name":"instance-type","values":["m7g.large","m7g.xlarge"]},{"name":"svc","values":["svc-%J"]}]}"#,
      response: fleet),
    Action(
      service: "ecs", name: "DescribeTaskDefinition", request: #"{"taskDefinition":"svc-%J:%N","include":["TAGS"]}"#,
      response:
        #"{"taskDefinition":{"family":"svc-%J","revision":%N,"status":"ACTIVE","networkMode":"awsvpc","containerDefinitions":\#(containers)}}"#
    ),
    Action(
      service: "ecs", name: "PutAttributes",
      request:
        #"{"cluster":"prod","attributes":[{"name":"svc","value":"svc-%J","targetType":"container-instance","targetId":"%U"},{"name":"wave","value":"%N","targetType":"container-instance","targetId":"%U"}],"containers":\#(containers)}"#,
      response: #"{"attributes":[{"name":"svc","value":"svc-%J"},{"name":"wave","value":"%N"}]}"#, reads: false),
    Action(
      service: "sqs", name: "ReceiveMessage",
      request:
        #"{"queueUrl":"https://sqs.%R.amazonaws.com/%A/svc-%J","maxNumberOfMessages":10,"waitTimeSeconds":20,"attributeNames":["All"],"messageAttributeNames":["trace"]}"#,
      resource: "arn:aws:sqs:%R:%A:svc-%J", isData: true),
    Action(
      service: "sqs", name: "SendMessage",
      request: #"{"queueUrl":"https://sqs.%R.amazonaws.com/%A/svc-%J","messageBody":"HIDDEN_DUE_TO_SECURITY_REASONS"}"#,
      response: #"{"messageId":"%U","mD5OfMessageBody":"%X%X%X%X"}"#, resource: "arn:aws:sqs:%R:%A:svc-%J",
      isData: true, reads: false),
    Action(
      service: "kms", name: "Decrypt",
      request:
        #"{"keyId":"arn:aws:kms:%R:%A:key/svc-%J","encryptionContext":{"purpose":"svc-%J","tenant":"t-%N"},"encryptionAlgorithm":"SYMMETRIC_DEFAULT"}"#,
      resource: "arn:aws:kms:%R:%A:key/svc-%J"),
    Action(
      service: "kms", name: "GenerateDataKey",
      request:
        #"{"keyId":"arn:aws:kms:%R:%A:key/svc-%J","keySpec":"AES_256","encryptionContext":{"purpose":"svc-%J","batch":"%X"}}"#,
      resource: "arn:aws:kms:%R:%A:key/svc-%J"),
    Action(
      service: "secretsmanager", name: "GetSecretValue",
      request: #"{"secretId":"arn:aws:secretsmanager:%R:%A:secret:svc-%J/db-AbCdEf","versionStage":"AWSCURRENT"}"#),
    Action(service: "ssm", name: "GetParameter", request: #"{"name":"/svc-%J/flags","withDecryption":false}"#),
    Action(
      service: "ssm", name: "UpdateInstanceInformation",
      request:
        #"{"instanceId":"i-0%X%J","agentVersion":"3.3.2299.0","agentStatus":"Active","platformType":"Linux","platformName":"Amazon Linux","platformVersion":"2023","iPAddress":"10.0.0.%N","computerName":"ip-10-0-0-%N.ec2.internal","agentName":"amazon-ssm-agent"}"#,
      reads: false),
    Action(
      service: "logs", name: "CreateLogStream",
      request: #"{"logGroupName":"/svc/%J","logStreamName":"2026/03/17/[$LATEST]%X%X%X%X"}"#, reads: false),
    Action(
      service: "logs", name: "DescribeLogStreams",
      request: #"{"logGroupName":"/svc/%J","orderBy":"LastEventTime","descending":true,"limit":50}"#),
    Action(
      service: "monitoring", name: "GetMetricData",
      request:
        #"{"metricDataQueries":[\#(query("m1", "ApproximateAgeOfOldestMessage")),\#(query("m2", "NumberOfMessagesReceived"))],"startTime":"%T","endTime":"%T"}"#
    ),
    Action(
      service: "ecr", name: "BatchGetImage",
      request:
        #"{"registryId":"%A","repositoryName":"acme/svc-%J","imageIds":[{"imageTag":"v%N"}],"acceptedMediaTypes":["application/vnd.oci.image.manifest.v1+json"]}"#
    ),
    Action(
      service: "lambda", name: "GetFunction20150331v2",
      request: #"{"functionName":"arn:aws:lambda:%R:%A:function:svc-%J"}"#),
    Action(
      service: "autoscaling", name: "DescribeAutoScalingGroups",
      request: #"{"autoScalingGroupNames":["svc-%J-blue","svc-%J-green"],"maxRecords":100}"#),
    Action(
      service: "elasticloadbalancing", name: "DescribeTargetHealth",
      request: #"{"targetGroupArn":"arn:aws:elasticloadbalancing:%R:%A:targetgroup/svc-%J/%X%X"}"#),
    Action(
      service: "route53", name: "ListResourceRecordSets",
      request: #"{"hostedZoneId":"Z0%J","maxItems":"300","startRecordName":"svc-%J.acme.example"}"#),
    Action(
      service: "autoscaling", name: "DescribeScalingActivities",
      request: #"{"autoScalingGroupName":"svc-%J-blue","maxRecords":%N}"#, error: "ThrottlingException"),
    Action(
      service: "s3", name: "HeadObject",
      request: #"{"bucketName":"acme-svc-%J","Host":"acme-svc-%J.s3.%R.amazonaws.com","key":"marker/%X"}"#,
      error: "NoSuchKey", isData: true),
  ]

  /// How a service mints a session for the identity; the session name and new key are the identity's own.
  static let mint = Template(
    #"{"eventVersion":"1.11","userIdentity":{"type":"AWSService","invokedBy":"%V"},"eventTime":"%T","eventSource":"sts.amazonaws.com","eventName":"AssumeRole","awsRegion":"%R","sourceIPAddress":"%V","userAgent":"%V","requestParameters":{"roleArn":"%O","roleSessionName":"%S"},"responseElements":{"credentials":{"accessKeyId":"%K","sessionToken":"IQoJb3JpZ2luX2VjEXAMPLETOKEN%X%X%X%X","expiration":"%E"}},"requestID":"%U","eventID":"%U","readOnly":true,"resources":[{"accountId":"%A","type":"AWS::IAM::Role","ARN":"%O"}],"eventType":"AwsApiCall","managementEvent":true,"recipientAccountId":"%A","sharedEventID":"%U","eventCategory":"Management"}"#
  )

  /// What a thief does first.
  static let theft = [
    Action(service: "sts", name: "GetCallerIdentity").template,
    Action(service: "s3", name: "ListBuckets", request: #"{"Host":"s3.%R.amazonaws.com"}"#).template,
    Action(service: "ec2", name: "DescribeInstances", request: #"{"instancesSet":{},"filterSet":{}}"#).template,
  ]
}
