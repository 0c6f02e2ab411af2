import Synthesis

/// An EC2 instance: its role, its address, and the pairs of keys it holds through the day.
struct Instance {
  let id, account, role, hostname, privateAddress, egress: String
  /// One entry per renewal; each holds the two keys minted in one second.
  var pairs: [[Session]] = []

  /// The key a program on the instance uses at that time: it takes a new pair up half a minute after its mint.
  func session(at time: Double, key: Int, agent: String) -> Session {
    var session = (pairs.last { $0[0].created + 30 <= time } ?? pairs[0])[key]
    session.agent = agent
    return session
  }
}

extension World {
  /// Mints the instance's keys over the day: the first pair stems from the evening before.
  func start(_ instance: Instance, at begin: Double = -1) -> Instance {
    var result = instance
    var random = random("instance/" + instance.id)
    var time = begin >= 0 ? begin : -random.between(1800, 14_000)
    while time < 86_000 {
      let whole = time.rounded(.down)
      let scope: JSON = [
        "issuerType": "AWS::EC2::Instance",
        "credentialsIssuedTo": .string("arn:aws:ec2:\(home):\(instance.account):instance/\(instance.id)"),
      ]
      let pair = (0..<2).map { _ in
        Session(
          account: instance.account, role: instance.role, name: instance.id, key: keyID("ASIA"), created: whole,
          until: whole + random.between(21_800, 23_700).rounded(), address: instance.egress, agent: "",
          context: ["ec2RoleDelivery": "2.0"], scope: scope)
      }
      if whole >= 0 { for session in pair { serviceMint(session, by: "ec2.amazonaws.com") } }
      result.pairs.append(pair)
      time += random.between(19_000, 20_600)
    }
    return result
  }

  /// What every instance does by itself: the SSM agent's reports.
  func agentReports(_ instance: Instance, from start: Double = 60) {
    for time in every(900, from: start, stream: "ssm/" + instance.id, jitter: 0.02) {
      let request: JSON = [
        "instanceId": .string(instance.id), "agentVersion": "3.3.2299.0", "agentStatus": "Active",
        "platformType": "Linux", "platformName": "Amazon Linux", "platformVersion": "2023",
        "iPAddress": .string(instance.privateAddress), "computerName": .string(instance.hostname),
        "agentName": "amazon-ssm-agent",
      ]
      let call = Call(service: "ssm", name: "UpdateInstanceInformation", request: request, readOnly: false)
      aws(time, in: instance.account, call, by: instance.session(at: time, key: 0, agent: Agent.ssmAgent).caller(self))
    }
  }

  /// The batch host: four times a day it takes a role of the data account and works with it, as it is declared to.
  func batchHost(_ instance: Instance) {
    for time in every(1200, stream: "batch-queue", jitter: 0.05) {
      let call = Call(
        service: "sqs", name: "ReceiveMessage",
        request: [
          "queueUrl": .string("https://sqs.\(home).amazonaws.com/\(Account.platform)/batch-jobs"),
          "maxNumberOfMessages": 10,
        ],
        resources: [
          resource(Account.platform, "AWS::SQS::Queue", "arn:aws:sqs:\(home):\(Account.platform):batch-jobs")
        ],
        isData: true, readOnly: true)
      aws(time, in: instance.account, call, by: instance.session(at: time, key: 1, agent: Agent.boto).caller(self))
    }
    for start in [2.1, 8.1, 14.1, 20.1] {
      let time = start * 3600
      let parent = instance.session(at: time, key: 1, agent: Agent.boto)
      let child = chain(time, from: parent, to: "data-maintenance", in: Account.data, name: "batch-\(Int(start))")
        .session
      for step in 0..<14 {
        let table = ["orders_daily", "carts_daily", "refunds_daily"][step % 3]
        let call =
          step % 2 == 0
          ? Call(service: "glue", name: "GetTable", request: ["databaseName": "warehouse", "name": .string(table)])
          : Call(
            service: "athena", name: "StartQueryExecution",
            request: [
              "queryString": "HIDDEN_DUE_TO_SECURITY_REASONS", "workGroup": "maintenance",
              "queryExecutionContext": ["database": "warehouse"], "clientRequestToken": .string(ids.uuid()),
            ], response: ["queryExecutionId": .string(ids.uuid())])
        aws(time + 4 + Double(step) * 7, in: Account.data, call, by: child.caller(self))
      }
    }
  }
}

extension World {
  /// What runs on a cluster node beside the pods: the network plugin and image pulls.
  func nodeTraffic(_ node: Instance) {
    let network =
      "amazon-vpc-cni-k8s/v1.20.1 aws-sdk-go-v2/1.36.5 ua/2.1 os/linux lang/go#1.24.6 md/GOOS#linux md/GOARCH#amd64"
    let puller = "ecr-credential-provider/v1.33.0 aws-sdk-go-v2/1.36.5 ua/2.1 os/linux lang/go#1.24.6"
    for (index, time) in every(1400, stream: "node/" + node.id).enumerated() {
      let filter: JSON = [
        "items": [["name": "attachment.instance-id", "valueSet": ["items": [["value": .string(node.id)]]]]]
      ]
      let look = Call(service: "ec2", name: "DescribeNetworkInterfaces", request: ["filterSet": filter])
      aws(time, in: node.account, look, by: node.session(at: time, key: 1, agent: network).caller(self))
      guard index % 8 == 3 else { continue }
      let login = Call(
        service: "ecr", name: "GetAuthorizationToken", request: ["registryIds": [.string(Account.platform)]])
      aws(time + 9, in: node.account, login, by: node.session(at: time + 9, key: 1, agent: puller).caller(self))
    }
  }
}
