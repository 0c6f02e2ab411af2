import Synthesis

extension World {
  /// The day's deployments: each job has its own runner, token exchange, build push and two deploy roles.
  func pipelineTraffic() {
    var random = random("pipeline")
    let services = ["cart", "checkout", "web", "order-worker", "invoice-bot"]
    for job in 0..<18 {
      let start = (7.2 + Double(job) * 0.62 + random.unit() * 0.2) * 3600
      deploy(start, service: job == 3 ? "cart" : random.pick(services), number: job)
    }
  }

  private func deploy(_ start: Double, service: String, number: Int) {
    let session = webIdentity(
      start, role: "github-deploy", repository: "acme/\(service)", run: "\(14_220_118_300 + number * 7919)",
      address: Place.runner(number), agent: Agent.ciCLI)
    let caller = session.caller(self)
    var time = start + 3
    func step(_ call: Call) {
      aws(time, in: Account.platform, call, by: caller)
      time += 2 + ids.unit() * 6
    }
    step(Call(service: "ecr", name: "GetAuthorizationToken"))
    let repository: JSON = ["repositoryName": .string("acme/" + service), "registryId": .string(Account.platform)]
    let registry = [
      resource(
        Account.platform, "AWS::ECR::Repository", "arn:aws:ecr:\(home):\(Account.platform):repository/acme/\(service)")
    ]
    for layer in 0..<3 {
      let digest: JSON = .string("sha256:" + ids.hex(64))
      step(
        Call(
          service: "ecr", name: "BatchCheckLayerAvailability", request: repository.with(("layerDigests", [digest])),
          resources: .array(registry), readOnly: true))
      if layer == 2 { continue }
      step(
        Call(
          service: "ecr", name: "InitiateLayerUpload", request: repository,
          response: ["uploadId": .string(ids.uuid()), "partSize": 20_971_520], resources: .array(registry)))
      step(
        Call(
          service: "ecr", name: "CompleteLayerUpload", request: repository.with(("layerDigests", [digest])),
          resources: .array(registry)))
    }
    let tag: JSON = .string("v2026.3.17-\(number)")
    step(
      Call(
        service: "ecr", name: "PutImage", request: repository.with(("imageTag", tag)),
        response: ["image": repository.with(("imageId", ["imageTag": tag]))], resources: .array(registry)))
    for account in [Account.shop, Account.data] {
      let target = chain(time, from: session, to: "deploy-target", in: account, name: "deploy-\(service)").session
      let calls = [
        Call(
          service: "eks", name: "DescribeCluster",
          request: ["name": .string(account == Account.shop ? Cluster.name : "data-prod")]),
        Call(service: "cloudformation", name: "DescribeStacks", request: ["stackName": .string("svc-" + service)]),
        Call(
          service: "ssm", name: "GetParameter",
          request: ["name": .string("/deploy/\(service)/current"), "withDecryption": false]),
        Call(
          service: "ssm", name: "PutParameter",
          request: [
            "name": .string("/deploy/\(service)/current"), "value": "HIDDEN_DUE_TO_SECURITY_REASONS", "type": "String",
            "overwrite": true,
          ], response: ["version": .int(200 + number), "tier": "Standard"]),
      ]
      for call in calls {
        time += 3
        aws(time, in: account, call, by: target.caller(self))
      }
      time += 5
    }
  }
}
