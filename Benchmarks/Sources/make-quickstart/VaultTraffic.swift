import Synthesis

/// A Vault login: what its token is and whom it was given to.
struct VaultLogin {
  let pod: Pod
  let token, accessor: String
  let issued: Double

  var displayName: String { "kubernetes-\(pod.namespace)-\(pod.account)" }

  func auth(_ day: Day) -> JSON {
    [
      "accessor": .string(accessor), "client_token": .string(token), "display_name": .string(displayName),
      "entity_id": .string(stableUUID("entity/" + displayName)),
      "metadata": [
        "role": .string(pod.account), "service_account_name": .string(pod.account),
        "service_account_namespace": .string(pod.namespace), "service_account_secret_name": "",
        "service_account_uid": .string(pod.accountUID),
      ],
      "policies": ["default", .string(pod.account)],
      "policy_results": [
        "allowed": true, "granting_policies": [["type": "", "name": .string(pod.account), "namespace_id": "root"]],
      ],
      "token_policies": ["default", .string(pod.account)], "token_issue_time": .string(day.iso(issued)),
      "token_ttl": 3600,
      "token_type": "service",
    ]
  }
}

extension World {
  /// Applications log in with their service account's token every hour and read their own few secrets.
  func vaultTraffic(_ cluster: Cluster) {
    let needs: [(String, [String])] = [
      ("checkout", ["checkout/db", "checkout/psp"]), ("order-worker", ["orders/db"]),
      ("invoice-bot", ["invoice/smtp", "invoice/db"]),
      ("report-loader", ["analytics/warehouse"]), ("argocd", ["argocd/repository"]),
    ]
    for (name, secrets) in needs {
      for pod in cluster.all(name) {
        for start in every(3400, stream: "vault/" + pod.name, jitter: 0.02) {
          let login = logIn(start, pod, cluster)
          for (round, secret) in (secrets + secrets).enumerated() {
            let time = start + 1.5 + Double(round / secrets.count) * 1500 + Double(round % secrets.count) * 0.4
            if time < 86_390 { readVault(time, login, "kv/data/" + secret) }
          }
          if name == "report-loader", Int(start / 3400) % 4 == 1 { leaseKey(start + 4, login, cluster) }
        }
      }
    }
  }

  private func hmac() -> String { "hmac-sha256:" + ids.hex(64) }

  private func vaultRequest(
    _ pod: Pod, _ operation: String, _ path: String, mount: String, type: String, more: [(String, JSON)] = []
  ) -> JSON {
    var request: JSON = [
      "id": .string(ids.uuid()), "operation": .string(operation), "path": .string(path),
      "mount_accessor": .string("\(type)_\(stableUUID("mount/" + mount).prefix(8))"),
      "mount_class": .string(type == "kubernetes" ? "auth" : "secret"),
      "mount_point": .string(mount), "mount_type": .string(type), "namespace": ["id": "root"],
      "remote_address": .string(pod.address), "remote_port": .int(32_768 + ids.below(28_000)),
    ]
    for (key, value) in more { request = request.with((key, value)) }
    return request
  }

  private func pair(_ time: Double, took duration: Double, auth: JSON, request: JSON, response: JSON) {
    vault.append(
      (time, ["type": "request", "time": .string(day.iso(time, digits: 9)), "auth": auth, "request": request]))
    let end = time + duration
    vault.append(
      (
        end,
        [
          "type": "response", "time": .string(day.iso(end, digits: 9)), "auth": auth, "request": request,
          "response": response,
        ]
      ))
  }

  private func logIn(_ time: Double, _ pod: Pod, _ cluster: Cluster) -> VaultLogin {
    let login = VaultLogin(pod: pod, token: hmac(), accessor: hmac(), issued: time.rounded(.down))
    let request = vaultRequest(
      pod, "update", "auth/kubernetes/login", mount: "auth/kubernetes/", type: "kubernetes",
      more: [("data", ["jwt": .string(hmac()), "role": "hmac-sha256:\(stableHex(pod.account))"])])
    pair(
      time, took: 0.031, auth: ["policy_results": ["allowed": true], "token_type": "default"], request: request,
      response: [
        "auth": login.auth(day), "mount_class": "auth", "mount_point": "auth/kubernetes/", "mount_type": "kubernetes",
      ])
    let server = cluster.find("vault-0")
    var review = KubernetesCall.on("tokenreviews", "create", group: "authentication.k8s.io")
    review.code = 201
    kubernetes(
      time + 0.008, review, by: caller(server, at: time, node: cluster.nodes[server.node], agent: "vault/1.20.2"))
    return login
  }

  private func session(_ login: VaultLogin) -> [(String, JSON)] {
    [
      ("client_id", .string(stableUUID("client/" + login.displayName))), ("client_token", .string(login.token)),
      ("client_token_accessor", .string(login.accessor)),
    ]
  }

  private func readVault(_ time: Double, _ login: VaultLogin, _ path: String) {
    let request = vaultRequest(login.pod, "read", path, mount: "kv/", type: "kv", more: session(login))
    let response: JSON = [
      "data": [
        "data": ["value": "hmac-sha256:\(stableHex(path))"],
        "metadata": [
          "created_time": "hmac-sha256:\(stableHex(path + "#"))", "deletion_time": "", "destroyed": false, "version": 7,
        ],
      ],
      "mount_class": "secret", "mount_point": "kv/", "mount_type": "kv",
    ]
    pair(time, took: 0.004, auth: login.auth(day), request: request, response: response)
  }

  /// A dynamic AWS key: Vault makes an IAM user of its own for the lease, and removes it four hours later.
  private func leaseKey(_ time: Double, _ login: VaultLogin, _ cluster: Cluster) {
    let server = cluster.find("vault-0")
    let unix = day.epoch + Int(time)
    let label = String("\(login.displayName)-warehouse-reader".prefix(42))
    let user = "vault-\(label)-\(unix)-\(ids.letters(4, of: "ABCDEFGHJKLMNPQRSTUVWXYZabcdefgh"))"
    let key = keyID("AKIA")
    let lease = "aws/creds/warehouse-reader/" + ids.letters(24, of: "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz")
    let request = vaultRequest(
      login.pod, "read", "aws/creds/warehouse-reader", mount: "aws/", type: "aws", more: session(login))
    let response: JSON = [
      "data": ["access_key": .string(hmac()), "secret_key": .string(hmac()), "security_token": .null],
      "mount_class": "secret", "mount_point": "aws/", "mount_type": "aws", "secret": ["lease_id": .string(lease)],
    ]
    pair(time, took: 2.2, auth: login.auth(day), request: request, response: response)
    let named: JSON = ["userName": .string(user)]
    let policy =
      #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::acme-warehouse/*"}]}"#
    func iam(_ moment: Double, _ name: String, _ request: JSON, _ response: JSON = .null) {
      if moment > 86_390 { return }
      let caller = server.session(at: moment).caller(self)
      aws(moment, in: Account.shop, Call(service: "iam", name: name, request: request, response: response), by: caller)
    }
    let arn = "arn:aws:iam::\(Account.shop):user/\(user)"
    iam(
      time + 0.3, "CreateUser", named.with(("path", "/")),
      ["user": named.with(("arn", .string(arn)), ("userId", .string(stableID("AIDA", of: user))))])
    iam(time + 0.9, "PutUserPolicy", named.with(("policyName", .string(user)), ("policyDocument", .string(policy))))
    let access: JSON = [
      "accessKeyId": .string(key), "status": "Active", "userName": .string(user),
      "createDate": .string(day.spoken(time + 1)),
    ]
    iam(time + 1.5, "CreateAccessKey", named, ["accessKey": access])
    let holder = KeyUser(account: Account.shop, name: user, key: key, address: Place.eksEgress, agent: Agent.boto)
    for (index, moment) in every(420, from: time + 30, to: min(time + 14_000, 86_390), stream: user).enumerated() {
      aws(
        moment, in: Account.shop, object("GetObject", "acme-warehouse", "facts/part-\(index).parquet", Account.shop),
        by: holder.caller)
    }
    let end = time + 14_400
    iam(end, "DeleteAccessKey", named.with(("accessKeyId", .string(key))))
    iam(end + 0.6, "DeleteUserPolicy", named.with(("policyName", .string(user))))
    iam(end + 1.1, "DeleteUser", named)
  }

  private func stableHex(_ name: String) -> String {
    var random = SeededRandom(seed: 3, stream: name)
    return random.hex(64)
  }
}
