import Synthesis

// Hops 1 to 3: from a key to a role's session, into another account, and into an instance.

extension Corpus {
  func keyHops(_ start: Double) {
    // 1: a job's key takes its role.
    let job = keyUser(World.shop, "etl-loader", address: World.shopEgress)
    let t1 = start + 3600
    let etl = session(World.shop, "etl-runner", "nightly", at: t1, address: World.shopEgress)
    assume(t1, job, etl)
    work(etl.caller, from: t1 + 10, calls: 5)
    truth.hop(1, child: "AKID:\(etl.key)", parents: ["AKID:\(job.key)"], "sts:AssumeRole", .exact)

    // 2: from the platform's account into the data account; both accounts have a copy of the call.
    let hub = keyUser(World.platform, "data-sync", address: World.platformEgress)
    let t2 = start + 7200
    let sync = session(World.data, "sync-target", "sync", at: t2, address: World.platformEgress)
    assume(t2, hub, sync)
    work(sync.caller, from: t2 + 10, calls: 4)
    truth.hop(2, child: "AKID:\(sync.key)", parents: ["AKID:\(hub.key)"], "sts:AssumeRole", .exact)

    // 3: an instance's session; one mint shows the key, the other hides it.
    instanceSession(start + 600, role: "web-node", instance: "i-0a1b2c3d4e5f60718", hidden: false)
    instanceSession(start + 900, role: "batch-node", instance: "i-0b47c1d9e8f203a65", hidden: true)
  }

  private func instanceSession(_ time: Double, role: String, instance: String, hidden: Bool) {
    let live = session(
      World.shop, role, instance, at: time, address: World.shopEgress,
      extra: [("ec2RoleDelivery", "2.0")])
    let ec2 = AWSCaller.service(World.shop, "ec2.amazonaws.com")
    aws(
      time, ec2, "sts", "AssumeRole",
      request: ["roleArn": .string(World.role(World.shop, role)), "roleSessionName": .string(instance)],
      response: hidden
        ? .null
        : [
          "credentials": [
            "accessKeyId": .string(live.key), "sessionToken": "HIDDEN",
            "expiration": .string(day.spoken(time + 22_000)),
          ]
        ],
      extra: [
        ("sharedEventID", .string(uuid())),
        (
          "resources",
          [["ARN": .string(World.role(World.shop, role)), "accountId": .string(World.shop), "type": "AWS::IAM::Role"]]
        ),
      ])
    work(live.caller, from: time + 30, calls: 5, every: 3000)
    truth.hop(
      3, child: "AKID:\(live.key)", parents: ["INST:\(instance)"], "sts:AssumeRole", .exact)
  }
}
