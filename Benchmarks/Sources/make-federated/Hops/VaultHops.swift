import Synthesis

// Hops 18 to 20 and 23: what Vault gives out, and to whom.

extension Corpus {
  func vaultHops(_ start: Double) {
    // 19: a pod's account logs in; 20: a token makes a token, and a wrapped one.
    let account = SeededRandom.uuid(of: World.shopCluster + "system:serviceaccount:shop:billing")
    let time = start + 12_000
    let login = vaultToken(
      "kubernetes-shop-billing", policies: ["billing"],
      metadata: [
        ("role", "billing"), ("service_account_name", "billing"), ("service_account_namespace", "shop"),
        ("service_account_uid", .string(account)),
      ], address: "10.40.7.31", at: time, ttl: 43_200)
    self.login(time, login, mount: "kubernetes", kind: "kubernetes", role: "billing")
    vault(time + 5, login, "read", "kv/data/billing/database", mount: "kv/", kind: "kv")
    truth.hop(19, child: "VACC:\(login.accessor)", parents: ["SA:\(account)"], "vault:login", .exact)
    let child = vaultToken("token", policies: ["billing-read"], address: "10.40.7.31", at: time + 60)
    vault(time + 60, login, "update", "auth/token/create", mount: "auth/token/", kind: "token", issues: child)
    vault(time + 90, child, "read", "kv/data/billing/rates", mount: "kv/", kind: "kv")
    truth.hop(20, child: "VACC:\(child.accessor)", parents: ["VACC:\(login.accessor)"], "vault:token-create", .exact)
    wrapped(time + 200, login)
    for (n, form) in AWSLease.allCases.enumerated() { lease(time + 1000 + Double(n) * 1500, login, form) }
    outbound(time + 9000)
  }

  private func wrapped(_ time: Double, _ login: VaultToken) {
    let child = vaultToken("token", policies: ["billing-read"], address: "10.40.7.31", at: time + 30)
    vault(
      time, login, "update", "auth/token/create", mount: "auth/token/", kind: "token",
      response: [
        (
          "wrap_info",
          [
            "ttl": 120, "token": .string("hmac-sha256:" + ids.hex(64)),
            "accessor": .string("hmac-sha256:" + ids.hex(64)),
            "creation_time": .string(day.iso(time)), "creation_path": "auth/token/create",
            "wrapped_accessor": .string(child.accessor),
          ]
        )
      ])
    vault(time + 40, child, "read", "kv/data/billing/rates", mount: "kv/", kind: "kv")
    truth.hop(20, child: "VACC:\(child.accessor)", parents: ["VACC:\(login.accessor)"], "vault:wrap", .exact)
  }

  private enum AWSLease: CaseIterable { case user, session, federation, clear }

  // 18: Vault's AWS engine. The user's or session's name says for whom and when; a federation token's name only when.
  private func lease(_ time: Double, _ login: VaultToken, _ form: AWSLease) {
    let own = keyUser(
      World.shop, "vault-root", address: World.vaultServer, agent: "aws-sdk-go/1.50.0 (go1.22.1; linux; amd64)")
    let unix = day.epoch + Int(time)
    let role = form == .federation ? "fed" : form == .clear ? "clear" : form == .session ? "assume" : "deploy"
    let id =
      "aws/\(form == .session || form == .federation ? "sts" : "creds")/\(role)/\(ids.letters(24, of: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"))"
    let name =
      "vault-\(("\(login.display)-\(role)").prefix(42))-\(unix)-\(ids.letters(20, of: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"))"
    var consumer: AWSCaller
    switch form {
    case .user, .clear:
      let short = String(name.prefix(64))
      aws(
        time, own, "iam", "CreateUser", request: ["userName": .string(short)],
        response: ["user": ["userName": .string(short), "arn": .string(World.user(World.shop, short))]], readOnly: false
      )
      consumer = AWSCaller.user(self, World.shop, short, address: World.shopEgress, agent: World.linuxSDK)
      aws(
        time + 1, own, "iam", "CreateAccessKey", request: ["userName": .string(short)],
        response: [
          "accessKey": [
            "accessKeyId": .string(consumer.key), "userName": .string(short), "status": "Active",
            "createDate": .string(day.spoken(time + 1)),
          ]
        ],
        readOnly: false)
    case .session:
      let live = session(World.shop, "vault-assumed", String(name.prefix(64)), at: time + 1, address: World.shopEgress)
      assume(time + 1, own, live, address: World.vaultServer)
      consumer = live.caller
    case .federation:
      let short = "vault-\(unix)-\(ids.letters(16, of: "abcdefghijklmnopqrstuvwxyz0123456789"))"
      let key = self.key("ASIA")
      aws(
        time + 1, own, "sts", "GetFederationToken",
        request: [
          "name": .string(short),
          "policy":
            "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::acme-orders/*\"}]}",
        ],
        response: [
          "credentials": [
            "accessKeyId": .string(key), "sessionToken": "HIDDEN", "expiration": .string(day.spoken(time + 3600)),
          ],
          "federatedUser": [
            "federatedUserId": .string("\(World.shop):\(short)"),
            "arn": .string("arn:aws:sts::\(World.shop):federated-user/\(short)"),
          ],
        ])
      consumer = AWSCaller(
        account: World.shop,
        identity: [
          "type": "FederatedUser", "principalId": .string("\(World.shop):\(short)"),
          "arn": .string("arn:aws:sts::\(World.shop):federated-user/\(short)"),
          "accountId": .string(World.shop), "accessKeyId": .string(key),
          "sessionContext": [
            "sessionIssuer": [
              "type": "IAMUser", "principalId": .string(Stable.user(World.user(World.shop, "vault-root"))),
              "arn": .string(World.user(World.shop, "vault-root")), "accountId": .string(World.shop),
              "userName": "vault-root",
            ]
          ],
        ], key: key, name: World.user(World.shop, "vault-root"), address: World.shopEgress, agent: World.linuxSDK)
    }
    let key: JSON = form == .clear ? .string(consumer.key) : .string("hmac-sha256:" + ids.hex(64))
    vault(
      time + 1.5, login, form == .session || form == .federation ? "update" : "read",
      String(id.split(separator: "/").prefix(3).joined(separator: "/")),
      mount: "aws/", kind: "aws",
      response: [
        ("secret", ["lease_id": .string(id)]),
        ("data", ["access_key": key, "secret_key": .string("hmac-sha256:" + ids.hex(64)), "security_token": .null]),
      ])
    work(consumer, from: time + 30, calls: 3, every: 60)
    let grade: Truth.Grade = form == .clear ? .exact : form == .federation ? .candidate : .strong
    let parent = form == .clear ? "VACC:\(login.accessor)" : "VLEASE:\(id)"
    truth.hop(18, child: "AKID:\(consumer.key)", parents: [parent], "vault:lease", grade)
    if form != .clear {
      truth.hop(18, child: "VLEASE:\(id)", parents: ["VACC:\(login.accessor)"], "vault:lease", .exact)
    }
  }

  // 23: a session of AWS asks for a token for the outside; the relying party logs its number.
  private func outbound(_ time: Double) {
    let job = keyUser(World.shop, "etl-loader", address: World.shopEgress)
    let live = session(World.shop, "outbound", "report", at: time, address: World.shopEgress)
    assume(time, job, live)
    let jti = uuid()
    aws(
      time + 10, live.caller, "sts", "GetWebIdentityToken",
      request: ["audience": ["https://vault.acme.example"], "durationSeconds": 300, "signingAlgorithm": "ES384"],
      response: ["webIdentityTokenId": .string(jti), "expiration": .string(day.spoken(time + 310))])
    truth.hop(23, child: "AWSJTI:\(jti)", parents: ["AKID:\(live.key)"], "sts:GetWebIdentityToken", .exact)
    let token = vaultToken(
      "jwt-report", policies: ["report"],
      metadata: [("role", "report"), ("jti", .string(jti)), ("iss", "https://1a2b3c4d.tokens.sts.global.api.aws")],
      address: World.shopEgress, at: time + 20)
    login(time + 20, token, mount: "aws-jwt", kind: "jwt", role: "report")
    vault(time + 25, token, "read", "kv/data/report/target", mount: "kv/", kind: "kv")
    truth.hop(23, child: "VACC:\(token.accessor)", parents: ["AWSJTI:\(jti)"], "vault:login", .exact)
  }
}
