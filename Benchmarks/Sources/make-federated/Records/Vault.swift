import Synthesis

/// A Vault token and who holds it.
struct VaultToken {
  var accessor, entity, display: String
  var policies: [String]
  var metadata: [(String, JSON)] = []
  var address: String
  var issued: Double
  var ttl = 3600
}

extension Corpus {
  func vaultToken(
    _ display: String, policies: [String], metadata: [(String, JSON)] = [], address: String, at time: Double,
    ttl: Int = 3600
  ) -> VaultToken {
    VaultToken(
      accessor: "hmac-sha256:" + ids.hex(64), entity: SeededRandom.uuid(of: "vault" + display), display: display,
      policies: policies, metadata: metadata, address: address, issued: time, ttl: ttl)
  }

  private func auth(_ token: VaultToken) -> JSON {
    [
      "client_token": .string("hmac-sha256:" + SeededRandom.uuid(of: token.accessor)),
      "accessor": .string(token.accessor),
      "display_name": .string(token.display), "policies": .strings(token.policies),
      "token_policies": .strings(token.policies), "policy_results": ["allowed": true],
      "metadata": .object(token.metadata), "entity_id": .string(token.entity), "token_type": "service",
      "token_ttl": .int(token.ttl), "token_issue_time": .string(day.iso(token.issued)),
    ]
  }

  /// Writes a request and its response; gives the request's id.
  @discardableResult func vault(
    _ time: Double, _ token: VaultToken?, _ operation: String, _ path: String, mount: String, kind: String,
    data: [(String, JSON)] = [], response: [(String, JSON)] = [], issues: VaultToken? = nil, error: String? = nil,
    address: String? = nil
  ) -> String {
    let id = uuid()
    let request: JSON = [
      "id": .string(id), "operation": .string(operation), "mount_point": .string(mount), "mount_type": .string(kind),
      "mount_accessor": .string("\(kind)_" + String(SeededRandom.uuid(of: mount).prefix(8))), "mount_class": "secret",
      "namespace": ["id": "root"], "path": .string(path), "data": .object(data),
      "remote_address": .string(address ?? token?.address ?? issues?.address ?? World.datacenter),
      "remote_port": .int(30_000 + ids.below(20_000)),
    ]
    for type in ["request", "response"] {
      var record: [(String, JSON)] = [
        ("time", .string(day.iso(time + (type == "request" ? 0 : 0.003), digits: 9))), ("type", .string(type)),
      ]
      if let token { record.append(("auth", auth(token))) }
      record.append(("request", request))
      if type == "response" {
        var answer: [(String, JSON)] = [
          ("mount_type", .string(kind)), ("mount_point", .string(mount)),
        ]
        if let issues { answer.append(("auth", auth(issues))) }
        record.append(("response", .object(answer + response)))
      }
      if let error, type == "response" { record.append(("error", .string(error))) }
      add(.vault, time + (type == "request" ? 0 : 0.003), .object(record))
    }
    return id
  }

  /// A login through a mount; gives its event.
  @discardableResult func login(_ time: Double, _ token: VaultToken, mount: String, kind: String, role: String)
    -> String
  {
    vault(
      time, nil, "update", "auth/\(mount)/login", mount: "auth/\(mount)/", kind: kind,
      data: [("role", .string(role)), ("jwt", .string("hmac-sha256:" + ids.hex(64)))], issues: token)
  }
}
