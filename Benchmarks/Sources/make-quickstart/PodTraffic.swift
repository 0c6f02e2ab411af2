import Synthesis

extension World {
  /// What the pods do in AWS, each with its own few actions, through the cluster's NAT gateway.
  func podAWSTraffic(_ cluster: Cluster) {
    for pod in cluster.all("cart-") {
      work(pod, every: 170) { index in
        self.table(["GetItem", "UpdateItem", "Query", "GetItem", "PutItem"][index % 5], "shop-carts")
      }
      work(pod, every: 6000) { _ in self.parameter("/shop/cart/feature-flags") }
    }
    for pod in cluster.all("checkout") {
      work(pod, every: 340) { index in
        index % 3 == 2
          ? self.queue("SendMessage", "orders") : self.dataKey(index % 3 == 0 ? "GenerateDataKey" : "Decrypt")
      }
    }
    for pod in cluster.all("order-worker") {
      work(pod, every: 320) { index in
        index % 3 == 0
          ? self.table("UpdateItem", "shop-orders")
          : self.queue(index % 3 == 1 ? "ReceiveMessage" : "DeleteMessage", "orders")
      }
    }
    for pod in cluster.all("invoice-bot") {
      work(pod, every: 300) { index in
        self.object(
          ["GetObject", "PutObject", "ListObjects"][index % 3], "acme-invoices-prod",
          "2026/03/17/inv-\(60_000 + index).pdf", Account.shop)
      }
    }
    for pod in cluster.all("cluster-autoscaler") {
      work(pod, every: 240) { index in
        var call = Call(
          service: "autoscaling", name: index % 4 == 3 ? "DescribeScalingActivities" : "DescribeAutoScalingGroups")
        call.request = ["autoScalingGroupNames": ["eks-shop-prod-general-2ac81f0d"], "maxRecords": 100]
        if index % 41 == 17 { call.error = ("ThrottlingException", "Rate exceeded") }
        return call
      }
    }
    secretsRefresh(cluster.find("external-secrets"))
  }

  private func work(_ pod: Pod, every period: Double, _ make: (Int) -> Call) {
    let times = every(period, from: pod.start + 30, to: pod.end - 40, stream: "work/\(pod.name)/\(period)")
    for (index, time) in times.enumerated() {
      aws(time, in: Account.shop, make(index), by: pod.session(at: time).caller(self))
    }
  }

  /// The operator refreshes its secrets every hour: many in a few seconds, and it is declared to.
  private func secretsRefresh(_ pod: Pod) {
    let names = [
      "checkout/db", "checkout/psp-api", "cart/redis", "orders/db", "orders/queue-hmac", "web/session",
      "web/oauth-client",
      "invoice/smtp", "invoice/db", "invoice/signing", "search/api", "mail/relay", "cdn/purge", "metrics/push",
      "fraud/api", "tax/api",
    ]
    for hour in 0..<24 {
      for (index, name) in names.enumerated() {
        let time = Double(hour) * 3600 + 421 + Double(index) * 0.7
        readSecret(time, "shop/" + name, in: Account.shop, by: pod.session(at: time), decrypts: index % 4 == 0)
      }
    }
  }

  /// Reads a secret's value; the store decrypts it in the caller's name with a fresh key.
  @discardableResult
  func readSecret(_ time: Double, _ name: String, in account: String, by session: Session, decrypts: Bool) -> String {
    let suffix = stableUUID(account + name).prefix(6)
    let arn = "arn:aws:secretsmanager:\(home):\(account):secret:\(name)-\(suffix)"
    let id = aws(
      time, in: account, Call(service: "secretsmanager", name: "GetSecretValue", request: ["secretId": .string(arn)]),
      by: session.caller(self))
    if decrypts {
      let key = "arn:aws:kms:\(home):\(account):key/\(stableUUID("kms/" + account))"
      let call = Call(
        service: "kms", name: "Decrypt",
        request: ["encryptionContext": ["SecretARN": .string(arn)], "encryptionAlgorithm": "SYMMETRIC_DEFAULT"],
        resources: [resource(account, "AWS::KMS::Key", key)])
      aws(time, in: account, call, by: session.forwarded(by: "secretsmanager.amazonaws.com", self))
    }
    return id
  }

  func table(_ name: String, _ table: String) -> Call {
    let arn = "arn:aws:dynamodb:\(home):\(Account.shop):table/\(table)"
    return Call(
      service: "dynamodb", name: name,
      request: ["tableName": .string(table), "key": ["pk": "HIDDEN_DUE_TO_SECURITY_REASONS"]],
      resources: [resource(Account.shop, "AWS::DynamoDB::Table", arn)], isData: true)
  }

  func queue(_ name: String, _ queue: String) -> Call {
    let url = "https://sqs.\(home).amazonaws.com/\(Account.shop)/\(queue)"
    let arn = "arn:aws:sqs:\(home):\(Account.shop):\(queue)"
    return Call(
      service: "sqs", name: name, request: ["queueUrl": .string(url)],
      resources: [resource(Account.shop, "AWS::SQS::Queue", arn)], isData: true)
  }

  func object(_ name: String, _ bucket: String, _ key: String, _ account: String) -> Call {
    let base: JSON = ["bucketName": .string(bucket), "Host": .string("\(bucket).s3.\(home).amazonaws.com")]
    let listing = name == "ListObjects"
    let resources: JSON = [
      ["type": "AWS::S3::Object", "ARN": .string("arn:aws:s3:::\(bucket)/\(listing ? "" : key)")],
      resource(account, "AWS::S3::Bucket", "arn:aws:s3:::\(bucket)"),
    ]
    return Call(
      service: "s3", name: name, request: base.with((listing ? "prefix" : "key", .string(key))), resources: resources,
      extra: [
        "SignatureVersion": "SigV4", "CipherSuite": "TLS_AES_128_GCM_SHA256", "bytesTransferredIn": 0,
        "AuthenticationMethod": "AuthHeader", "bytesTransferredOut": .int(2000 + ids.below(90_000)),
      ], isData: true)
  }

  private func dataKey(_ name: String) -> Call {
    let key = "arn:aws:kms:\(home):\(Account.shop):key/\(stableUUID("kms/checkout"))"
    return Call(
      service: "kms", name: name,
      request: ["keyId": .string(key), "encryptionContext": ["purpose": "card-token"], "keySpec": "AES_256"],
      resources: [resource(Account.shop, "AWS::KMS::Key", key)])
  }

  func parameter(_ name: String) -> Call {
    Call(service: "ssm", name: "GetParameter", request: ["name": .string(name), "withDecryption": false])
  }
}
