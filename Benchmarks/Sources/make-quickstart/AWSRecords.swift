import Synthesis

/// One AWS call, in the caller's words; `World.aws` makes the record of it.
struct Call {
  var service, name: String
  var request: JSON = .null
  var response: JSON = .null
  var error: (code: String, message: String)?
  var resources: JSON?
  var extra: JSON?
  var region = home
  var isData = false
  var eventType = "AwsApiCall"
  var sharedID: String?
  var readOnly: Bool?
}

extension World {
  /// Records a call in an account's trail and returns its eventID.
  @discardableResult
  func aws(_ time: Double, in account: String, _ call: Call, by caller: Caller) -> String {
    let id = ids.uuid()
    let global = ["iam", "organizations", "cloudfront", "signin", "ce", "health", "notifications"].contains(
      call.service)
    let region = global ? "us-east-1" : call.region
    let requestID = call.service == "s3" ? ids.letters(16, of: "0123456789ABCDEFGHJKMNPQRSTVWXYZ") : ids.uuid()
    var record: JSON = [
      "eventVersion": "1.11", "userIdentity": caller.identity, "eventTime": .string(day.iso(time)),
      "eventSource": .string(call.service + ".amazonaws.com"), "eventName": .string(call.name),
      "awsRegion": .string(region), "sourceIPAddress": .string(caller.address), "userAgent": .string(caller.agent),
    ]
    record = record.with(
      ("errorCode", call.error.map { .string($0.code) }), ("errorMessage", call.error.map { .string($0.message) }),
      ("requestParameters", call.request), ("responseElements", call.response), ("additionalEventData", call.extra),
      ("requestID", .string(requestID)), ("eventID", .string(id)),
      ("readOnly", .bool(call.readOnly ?? Self.isRead(call.name))), ("resources", call.resources),
      ("eventType", .string(call.eventType)), ("managementEvent", .bool(!call.isData)),
      ("recipientAccountId", .string(account)), ("sharedEventID", call.sharedID.map { .string($0) }))
    record = record.with(
      ("vpcEndpointId", caller.vpce.map { .string($0) }),
      ("vpcEndpointAccountId", caller.vpce.map { _ in .string(account) }),
      ("eventCategory", call.isData ? "Data" : "Management"),
      ("tlsDetails", caller.tls ? tls(call.service, region) : nil))
    cloudTrail.append(Delivery(time: time, account: account, region: region, record: record))
    return id
  }

  private static func isRead(_ name: String) -> Bool {
    ["Get", "List", "Describe", "Head", "AssumeRole", "BatchGet", "Query", "Lookup", "Decrypt", "Generate"]
      .contains { name.hasPrefix($0) }
  }

  private func tls(_ service: String, _ region: String) -> JSON {
    let host =
      ["iam", "organizations"].contains(service)
      ? "\(service).amazonaws.com"
      : service == "signin" ? "signin.aws.amazon.com" : "\(service).\(region).amazonaws.com"
    return [
      "tlsVersion": "TLSv1.3", "cipherSuite": "TLS_AES_128_GCM_SHA256", "clientProvidedHostHeader": .string(host),
    ]
  }
}

/// `resources` entries as CloudTrail writes them.
func resource(_ account: String, _ type: String, _ arn: String) -> JSON {
  ["accountId": .string(account), "type": .string(type), "ARN": .string(arn)]
}

/// Client names, one per program, so that every identity keeps to its own.
enum Agent {
  static let boto =
    "Boto3/1.40.11 md/Botocore#1.40.11 ua/2.1 os/linux#6.12.40 md/arch#x86_64 lang/python#3.13.5 md/pyimpl#CPython m/Z,b cfg/retry-mode#standard"
  static let goSDK = "aws-sdk-go-v2/1.38.1 ua/2.1 os/linux lang/go#1.25.1 md/GOARCH#amd64 md/GOOS#linux m/E,b"
  static let javaSDK = "aws-sdk-java/2.33.4 md/io#async md/http#NettyNio ua/2.1 os/Linux#6.12.40 lang/java#21.0.8 m/E,N"
  static let nodeSDK = "aws-sdk-js/3.880.0 ua/2.1 os/linux#6.12.40 lang/js md/nodejs#22.18.0 m/E,b"
  static let ssmAgent = "aws-sdk-go/1.55.5 (go1.24.6; linux; amd64) amazon-ssm-agent/3.3.2299.0"
  static let ciCLI =
    "aws-cli/2.28.11 md/awscrt#0.27.2 ua/2.1 os/linux#6.11.0-1018-azure md/arch#x86_64 lang/python#3.13.4 md/pyimpl#CPython m/C,b"
  static let macCLI =
    "aws-cli/2.28.11 md/awscrt#0.27.2 ua/2.1 os/macos#24.6.0 md/arch#arm64 lang/python#3.13.4 md/pyimpl#CPython m/C,b"
  static let thiefCLI = "aws-cli/2.15.30 Python/3.11.8 Darwin/23.5.0 exe/x86_64 prompt/off"
  static let browser =
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/145.0.0.0 Safari/537.36"
  static let terraform =
    "APN/1.0 HashiCorp/1.0 Terraform/1.13.1 (+https://www.terraform.io) terraform-provider-aws/6.11.0 (+https://registry.terraform.io/providers/hashicorp/aws) aws-sdk-go-v2/1.38.1 ua/2.1 os/linux lang/go#1.24.6 md/GOOS#linux md/GOARCH#amd64"
  static let vault = "aws-sdk-go/1.55.7 (go1.24.6; linux; amd64) vault/1.20.2"
  static let codeSDK = "aws-sdk-rust/1.3.8 ua/2.1 os/linux lang/rust#1.88.0 m/E"
}
