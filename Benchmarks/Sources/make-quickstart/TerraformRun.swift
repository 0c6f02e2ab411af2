import Synthesis

extension World {
  /// One apply and two plans: the same client reads and writes in many services within minutes, and meets
  /// eventual consistency (refusals that pass a moment later) and throttling on its way.
  func terraformRuns() {
    for (number, start) in [8.4, 10.6, 15.2].enumerated() {
      let session = webIdentity(
        start * 3600, role: "terraform", repository: "acme/infrastructure", run: "\(14_220_990_100 + number * 401)",
        address: Place.runner(60 + number), agent: Agent.terraform)
      terraform(start * 3600 + 6, session, applies: number == 1, isNew: number < 2)
    }
  }

  private func terraform(_ start: Double, _ session: Session, applies: Bool, isNew: Bool) {
    let name = TerraformPlan.roleName
    var time = start
    func run(_ steps: [TerraformPlan.Step], failing: (name: String, code: String, message: String)? = nil) {
      for step in steps {
        var call = Call(service: step.service, name: step.name, request: step.request)
        if let failing, failing.name == step.name { call.error = (failing.code, failing.message) }
        aws(time, in: Account.platform, call, by: session.caller(self))
        time += 0.6 + ids.unit() * 2.5
      }
    }
    let absent = ("GetRole", "NoSuchEntityException", "The role with name \(name) cannot be found.")
    run(TerraformPlan.reads, failing: isNew ? absent : nil)
    guard applies else { return }
    run(TerraformPlan.writes)
    run([TerraformPlan.createQueue], failing: ("CreateQueue", "RequestThrottled", "Rate exceeded"))
    run([TerraformPlan.createQueue])
    let message = "The role defined for the function cannot be assumed by Lambda."
    for _ in 0..<3 {
      run(
        [TerraformPlan.createFunction], failing: ("CreateFunction20150331", "InvalidParameterValueException", message))
    }
    for attempt in 0..<4 {
      chainTooEarly(time + Double(attempt) * 4, from: session, to: name, name: "terraform-check")
    }
    let check = chain(
      time + 17, from: session, to: name, in: Account.platform, name: "terraform-check", lifetime: 900
    ).session
    aws(time + 19, in: Account.platform, Call(service: "sts", name: "GetCallerIdentity"), by: check.caller(self))
    time += 22
    run([TerraformPlan.createFunction, TerraformPlan.putTargets])
    run(TerraformPlan.reads)
  }
}
