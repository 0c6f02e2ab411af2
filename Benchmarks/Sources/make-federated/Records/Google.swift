import Synthesis

extension Corpus {
  /// Writes an audit entry of Google Cloud; gives its insert id.
  @discardableResult func google(
    _ time: Double, _ authentication: [(String, JSON)], _ service: String, _ method: String, resource: String,
    type: String = "project", labels: [(String, JSON)] = [], request: [(String, JSON)] = [],
    metadata: [(String, JSON)] = [],
    response: [(String, JSON)] = [], permission: String, granted: Bool = true, address: String = "private",
    agent: String = "google-cloud-sdk gcloud/468.0.0 (linux)", serviceData: JSON? = nil
  ) -> String {
    let id = ids.letters(13, of: "abcdefghijklmnopqrstuvwxyz0123456789")
    var payload: [(String, JSON)] = [
      ("@type", "type.googleapis.com/google.cloud.audit.AuditLog"),
      ("status", granted ? .object([]) : ["code": 7, "message": "PERMISSION_DENIED"]),
      ("authenticationInfo", .object(authentication)),
      ("requestMetadata", ["callerIp": .string(address), "callerSuppliedUserAgent": .string(agent)]),
      ("serviceName", .string("\(service).googleapis.com")), ("methodName", .string(method)),
      (
        "authorizationInfo",
        [["resource": .string(resource), "permission": .string(permission), "granted": .bool(granted)]]
      ),
      ("resourceName", .string(resource)),
    ]
    if !request.isEmpty { payload.append(("request", .object(request))) }
    if !metadata.isEmpty { payload.append(("metadata", .object(metadata))) }
    if !response.isEmpty { payload.append(("response", .object(response))) }
    if let serviceData { payload.append(("serviceData", serviceData)) }
    add(
      .gcp, time,
      [
        "protoPayload": .object(payload), "insertId": .string(id),
        "resource": [
          "type": .string(type), "labels": .object([("project_id", .string(World.project))] + labels),
        ],
        "timestamp": .string(day.iso(time, digits: 9)), "severity": "NOTICE",
        "logName": .string("projects/\(World.project)/logs/cloudaudit.googleapis.com%2Fdata_access"),
        "receiveTimestamp": .string(day.iso(time + 1, digits: 9)),
      ])
    return id
  }

  func accountEmail(_ name: String) -> String { "\(name)@\(World.project).iam.gserviceaccount.com" }
}
