import Synthesis

extension Corpus {
  /// A line of GitHub's audit log; gives its id.
  @discardableResult func github(_ time: Double, _ actor: String, _ action: String, _ fields: [(String, JSON)])
    -> String
  {
    let id = ids.letters(22, of: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")
    let stamp = Int((Double(day.epoch) + time) * 1000)
    let head: [(String, JSON)] = [
      ("@timestamp", .int(stamp)), ("_document_id", .string(id)), ("action", .string(action)),
      ("actor", .string(actor)), ("actor_id", .int(1000 + actor.utf8.reduce(0) { ($0 * 31 + Int($1)) % 100_000 })),
      ("created_at", .int(stamp)), ("org", "acme"), ("operation_type", "create"),
    ]
    add(.github, time, JSON.object(head).merging(fields))
    return id
  }

  /// A workflow's run from its start to its end.
  func run(_ start: Double, _ end: Double, repository: String, branch: String, id: Int) {
    let fields: [(String, JSON)] = [
      ("repo", .string("acme/\(repository)")), ("repo_id", .int(5000 + repository.utf8.count)),
      ("workflow_run_id", .int(id)), ("run_attempt", 1), ("run_number", .int(id % 1000)),
      ("workflow_id", .int(77 + repository.utf8.count)), ("event", "push"), ("head_branch", .string(branch)),
      ("head_sha", .string(ids.hex(40))), ("name", "deploy"),
    ]
    github(start, "octo-builder", "workflows.created_workflow_run", fields)
    github(start + 4, "octo-builder", "workflows.prepared_workflow_job", fields)
    github(end, "octo-builder", "workflows.completed_workflow_run", fields + [("conclusion", "success")])
  }

  @discardableResult func okta(
    _ time: Double, actor: (id: String, type: String, name: String), _ type: String, target: JSON = [], address: String,
    debug: [(String, JSON)] = [], detail: [(String, JSON)] = [], result: String = "SUCCESS", session: String? = nil
  ) -> String {
    let id = uuid()
    add(
      .okta, time,
      [
        "uuid": .string(id), "published": .string(day.iso(time, digits: 3)), "eventType": .string(type), "version": "0",
        "severity": "INFO", "displayMessage": .string(type),
        "actor": [
          "id": .string(actor.id), "type": .string(actor.type), "alternateId": .string(actor.name),
          "displayName": .string(actor.name),
        ],
        "client": ["ipAddress": .string(address), "userAgent": ["rawUserAgent": "python-okta/2.9", "os": "Linux"]],
        "outcome": ["result": .string(result)], "target": target,
        "transaction": ["id": .string(ids.hex(20)), "type": "WEB", "detail": .object(detail)],
        "debugContext": ["debugData": .object(debug)],
        "authenticationContext": ["externalSessionId": .string(session ?? "unknown")],
        "securityContext": ["asNumber": 64_497, "isProxy": false],
      ])
    return id
  }

  @discardableResult func spire(_ time: Double, caller: String?, _ method: String, _ fields: [(String, JSON)]) -> String
  {
    let id = uuid()
    var record: [(String, JSON)] = [
      ("level", "info"), ("msg", "API accessed"), ("time", .string(day.iso(time))), ("type", "audit"),
      ("subsystem_name", "api"), ("service", "svid.v1.SVID"), ("method", .string(method)), ("status", "success"),
      ("request_id", .string(id)),
    ]
    if let caller { record += [("caller_id", .string(caller)), ("caller_addr", "10.60.2.20:40112")] }
    add(.spire, time, JSON.object(record).merging(fields))
    return id
  }

  @discardableResult func teleport(_ time: Double, _ event: String, _ code: String, _ fields: [(String, JSON)])
    -> String
  {
    let id = uuid()
    add(
      .teleport, time,
      JSON.object([
        ("event", .string(event)), ("code", .string(code)), ("time", .string(day.iso(time, digits: 3))),
        ("uid", .string(id)), ("ei", 0), ("cluster_name", "teleport.acme.example"), ("success", true),
      ]).merging(fields))
    return id
  }

  @discardableResult func envoy(
    _ time: Double, peer: String, serial: String?, host: String, path: String, code: Int = 200, trace: String
  ) -> String {
    let id = uuid()
    var record: [(String, JSON)] = [
      ("start_time", .string(day.iso(time, digits: 3))), ("method", "POST"), ("path", .string(path)),
      ("protocol", "HTTP/2"),
      ("response_code", .int(code)), ("response_flags", "-"), ("response_code_details", "via_upstream"),
      ("request_id", .string(id)), ("authority", .string(host)), ("user_agent", "grpc-go/1.62.0"),
      ("downstream_remote_address", "10.40.7.12:51122"), ("upstream_host", "10.40.9.3:8080"),
      ("downstream_peer_uri_san", .string(peer)), ("downstream_tls_version", "TLSv1.3"),
      ("traceparent", .string("00-\(trace)-\(ids.hex(16))-01")),
    ]
    if let serial { record.append(("downstream_peer_serial", .string(serial))) }
    add(.envoy, time, .object(record))
    return id
  }

  @discardableResult func ztunnel(_ time: Double, from: String, to: String, error: String? = nil) -> String {
    var record: [(String, JSON)] = [
      ("level", error == nil ? "info" : "error"), ("time", .string(day.iso(time, digits: 6))), ("scope", "access"),
      ("message", "connection complete"), ("src.addr", "10.40.7.12:51122"), ("src.workload", "agent-7f9c"),
      ("src.namespace", "agents"), ("src.identity", .string(from)), ("dst.addr", "10.40.9.3:15008"),
      ("dst.service", "gateway.agents.svc.cluster.local"), ("dst.identity", .string(to)), ("direction", "outbound"),
      ("bytes_sent", .int(800 + ids.below(4000))), ("duration", "4ms"),
    ]
    if let error { record.append(("error", .string(error))) }
    add(.ztunnel, time, .object(record))
    return from
  }

  /// An agent's tool call, as OpenTelemetry writes it.
  @discardableResult func tool(
    _ time: Double, agent: String, conversation: String, _ tool: String, _ arguments: JSON, trace: String,
    task: String = "order-care", result: String? = nil
  ) -> String {
    let id = ids.hex(16)
    var record: [(String, JSON)] = [
      ("timestamp", .string(day.iso(time, digits: 3))), ("trace_id", .string(trace)), ("span_id", .string(id)),
      ("gen_ai.operation.name", "execute_tool"), ("gen_ai.agent.name", .string(agent)),
      ("gen_ai.agent.id", .string("agent-" + agent)), ("gen_ai.conversation.id", .string(conversation)),
      ("gen_ai.workflow.name", .string(task)), ("gen_ai.tool.name", .string(tool)),
      ("gen_ai.tool.call.arguments", .string(arguments.text)), ("service.namespace", "acme"),
    ]
    if let result { record.append(("gen_ai.tool.call.result", .string(result))) }
    add(.agents, time, .object(record))
    return id
  }

  /// The same call at the gateway: who called is what its certificate says.
  @discardableResult func gateway(_ time: Double, peer: String, _ tool: String, session: String, trace: String)
    -> String
  {
    let id = ids.hex(16)
    add(
      .gateway, time,
      [
        "time": .string(day.iso(time, digits: 6)), "level": "info", "scope": "request", "src.addr": "10.40.7.12:51122",
        "src.identity": .string(peer), "mcp.method.name": "tools/call", "mcp.target": "orders",
        "gen_ai.tool.name": .string(tool),
        "mcp.session.id": .string(session), "trace.id": .string(trace), "span.id": .string(id), "http.status": 200,
      ])
    return id
  }
}
