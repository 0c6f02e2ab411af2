import Synthesis

extension World {
  private func roleResource(_ account: String, _ role: String) -> JSON {
    [resource(account, "AWS::IAM::Role", Session.roleARN(account, role))]
  }

  private func minted(_ session: Session, named: Bool) -> JSON {
    let credentials: JSON = [
      "accessKeyId": .string(session.key), "sessionToken": token(), "expiration": .string(day.spoken(session.until)),
    ]
    guard named else { return ["credentials": credentials] }
    return [
      "credentials": credentials,
      "assumedRoleUser": ["assumedRoleId": .string(session.principal), "arn": .string(session.arn)],
    ]
  }

  /// The mint of a service-made session (an instance's, a pod's, a function's).
  @discardableResult
  func serviceMint(_ session: Session, by service: String, request more: [(String, JSON)] = []) -> String {
    let plain: JSON = ["roleArn": .string(session.roleARN), "roleSessionName": .string(session.name)]
    var request = plain
    for (key, value) in more { request = request.with((key, value)) }
    let call = Call(
      service: "sts", name: "AssumeRole", request: request,
      response: minted(session, named: service.hasPrefix("pods.")),
      resources: roleResource(session.account, session.role), sharedID: ids.uuid())
    return aws(session.created, in: session.account, call, by: .service(service))
  }

  /// A session takes another role. Across accounts both trails get a copy with one sharedEventID.
  /// Returns the eventIDs: the caller's copy, then the trusting account's.
  @discardableResult
  func chain(
    _ time: Double, from parent: Session, to role: String, in account: String, name: String, lifetime: Double = 3600,
    incoming tags: JSON? = nil
  ) -> (session: Session, events: [String]) {
    let child = Session(
      account: account, role: role, name: name, key: keyID("ASIA"), created: time, until: time + lifetime,
      address: parent.address, agent: parent.agent)
    let request: JSON = [
      "roleArn": .string(child.roleARN), "roleSessionName": .string(name), "durationSeconds": .int(Int(lifetime)),
    ]
    let call = Call(
      service: "sts", name: "AssumeRole", request: request.with(("incomingTransitiveTags", tags)),
      response: minted(child, named: true), resources: roleResource(account, role), sharedID: ids.uuid())
    var events = [aws(time, in: parent.account, call, by: parent.caller(self))]
    if account != parent.account {
      let outsider: JSON = [
        "type": "AWSAccount", "principalId": .string(parent.principal), "accountId": .string(parent.account),
      ]
      events.append(
        aws(time, in: account, call, by: Caller(identity: outsider, address: parent.address, agent: parent.agent)))
    }
    return (child, events)
  }

  /// A try that fails because the new role is not known everywhere yet.
  func chainTooEarly(_ time: Double, from parent: Session, to role: String, name: String) {
    let target = Session.roleARN(parent.account, role)
    let message = "User: \(parent.arn) is not authorized to perform: sts:AssumeRole on resource: \(target)"
    let call = Call(service: "sts", name: "AssumeRole", error: ("AccessDenied", message))
    aws(time, in: parent.account, call, by: parent.caller(self))
  }

  /// A CI job exchanges its OIDC token for a session.
  func webIdentity(_ time: Double, role: String, repository: String, run: String, address: String, agent: String)
    -> Session
  {
    let session = Session(
      account: Account.platform, role: role, name: "GitHubActions", key: keyID("ASIA"), created: time,
      until: time + 3600,
      address: address, agent: agent)
    let provider = "arn:aws:iam::\(Account.platform):oidc-provider/token.actions.githubusercontent.com"
    let subject = "repo:\(repository):ref:refs/heads/main"
    let identity: JSON = [
      "type": "WebIdentityUser", "principalId": .string("\(provider):sts.amazonaws.com:\(subject)"),
      "userName": .string(subject), "identityProvider": .string(provider),
    ]
    let response = minted(session, named: true).with(
      ("subjectFromWebIdentityToken", .string(subject)), ("provider", .string(provider)),
      ("audience", "sts.amazonaws.com"))
    let call = Call(
      service: "sts", name: "AssumeRoleWithWebIdentity",
      request: [
        "roleArn": .string(session.roleARN), "roleSessionName": "GitHubActions", "durationSeconds": 3600,
      ], response: response, resources: roleResource(session.account, role),
      extra: ["identityProviderConnectionVerificationMethod": "IAMTrustStore"])
    let client =
      "aws-sdk-js/3.877.0 ua/2.1 os/linux#6.11.0-1018-azure lang/js md/nodejs#24.5.0 configure-aws-credentials-for-github-actions md/run_id#\(run) md/attempt#1"
    aws(time, in: session.account, call, by: Caller(identity: identity, address: address, agent: client))
    return session
  }
}
