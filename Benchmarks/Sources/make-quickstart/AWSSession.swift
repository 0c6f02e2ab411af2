import Synthesis

/// Who makes an AWS call, from where and with which client.
struct Caller {
  var identity: JSON
  var address: String
  var agent: String
  /// Calls that AWS services make carry no `tlsDetails`.
  var tls = true
  var vpce: String?

  /// A call that an AWS service makes for itself.
  static func service(_ name: String) -> Caller {
    Caller(identity: ["type": "AWSService", "invokedBy": .string(name)], address: name, agent: name, tls: false)
  }
}

/// A role session with the one key it was given.
struct Session {
  let account, role, name, key: String
  /// When it was minted; before midnight for one that the day began with.
  let created: Double
  var until: Double
  var address: String
  var agent: String
  var context: JSON = [:]
  var scope: JSON?

  var roleID: String { stableID("AROA", of: account + role) }
  var principal: String { "\(roleID):\(name)" }
  var roleARN: String { Self.roleARN(account, role) }
  var arn: String { "arn:aws:sts::\(account):assumed-role/\(role)/\(name)" }

  static func roleARN(_ account: String, _ role: String) -> String {
    let path = role.hasPrefix("AWSServiceRoleFor") ? "aws-service-role/" : ""
    let sso = role.hasPrefix("AWSReservedSSO_") ? "aws-reserved/sso.amazonaws.com/eu-west-1/" : ""
    return "arn:aws:iam::\(account):role/\(path)\(sso)\(role)"
  }

  /// The `userIdentity` of its calls. A forwarded call (`invokedBy`) has a fresh key of its own.
  func identity(_ day: Day, key other: String? = nil, invokedBy: String? = nil) -> JSON {
    let issuer: JSON = [
      "type": "Role", "principalId": .string(roleID), "arn": .string(roleARN), "accountId": .string(account),
      "userName": .string(role),
    ]
    let attributes: JSON = ["creationDate": .string(day.iso(created)), "mfaAuthenticated": "false"]
    var session: JSON = ["sessionIssuer": issuer, "attributes": attributes]
    if case .object(let more) = context { for (key, value) in more { session = session.with((key, value)) } }
    let base: JSON = [
      "type": "AssumedRole", "principalId": .string(principal), "arn": .string(arn), "accountId": .string(account),
      "accessKeyId": .string(other ?? key), "sessionContext": session,
    ]
    return base.with(("inScopeOf", invokedBy == nil ? scope : nil), ("invokedBy", invokedBy.map { .string($0) }))
  }

  func caller(_ world: World) -> Caller { Caller(identity: identity(world.day), address: address, agent: agent) }

  /// The same session, called on its behalf by a service: fresh key, service name as address.
  func forwarded(by service: String, _ world: World) -> Caller {
    let fresh = world.keyID("ASIA")
    return Caller(
      identity: identity(world.day, key: fresh, invokedBy: service), address: service, agent: service, tls: false)
  }
}

/// An IAM user with a long-lived key.
struct KeyUser {
  let account, name, key, address, agent: String

  var arn: String { "arn:aws:iam::\(account):user/\(name)" }
  var caller: Caller {
    Caller(
      identity: [
        "type": "IAMUser", "principalId": .string(stableID("AIDA", of: account + name)), "arn": .string(arn),
        "accountId": .string(account), "accessKeyId": .string(key), "userName": .string(name),
      ], address: address, agent: agent)
  }
}

/// An immutable id that depends on nothing but the name. It ends in EXAMPLE so that nobody takes it for a real one.
func stableID(_ prefix: String, of name: String) -> String {
  var random = SeededRandom(seed: 1, stream: name)
  return prefix + random.letters(10, of: "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") + "EXAMPLE"
}

extension World {
  /// A new access key id, marked as an example.
  func keyID(_ prefix: String) -> String {
    prefix + ids.letters(9, of: "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") + "EXAMPLE"
  }

  /// The stand-in for a session token: CloudTrail logs them, and readers must redact them.
  func token() -> JSON {
    .string("IQoJb3JpZ2luX2VjEXAMPLETOKEN" + ids.letters(36, of: "abcdefghijkmnopqrstuvwxyz0123456789"))
  }
}
