import Synthesis

extension World {
  /// Records an agent's tool call and returns its call id.
  @discardableResult
  func tool(
    _ time: Double, _ agent: String, _ session: String, _ sequence: Int, user: String, _ tool: String,
    _ arguments: JSON,
    outcome: String = "success"
  ) -> String {
    let id = "call_" + ids.hex(20)
    agents.append(
      (
        time,
        [
          "time": .string(day.iso(time, digits: 3)), "session": .string(session), "seq": .int(sequence),
          "agent": .string(agent),
          "user": .string(user), "tool": .string(tool), "args": arguments, "call_id": .string(id),
          "outcome": .string(outcome),
        ]
      ))
    return id
  }

  /// Three agents, each with the tools of its charter.
  func agentTraffic() {
    for time in every(800, from: 25_000, to: 72_000, stream: "support-bot") { support(time) }
    for time in every(1500, from: 27_000, to: 68_000, stream: "coder-bot") { coder(time) }
    for time in every(1800, stream: "ops-bot") { operations(time) }
  }

  private func support(_ start: Double) {
    let session = "sup-" + ids.hex(12)
    let user = "agent-desk-\(1 + ids.below(4))"
    let topic = ids.pick([
      "refund status", "change delivery address", "invoice copy", "password reset link", "voucher not accepted",
    ])
    let queue: JSON = .string(ids.pick(["billing", "delivery", "accounts"]))
    tool(start, "support-bot", session, 0, user: user, "customer.lookup", ["reference": .string("A-\(ids.digits(6))")])
    tool(start + 3, "support-bot", session, 1, user: user, "kb.search", ["query": .string(topic), "limit": 5])
    var next = 2
    if ids.chance(0.3) {
      tool(
        start + 8, "support-bot", session, next, user: user, "kb.search",
        ["query": .string("how to handle " + topic), "limit": 5], outcome: "error")
      next += 1
    }
    if ids.chance(0.4) {
      tool(
        start + 14, "support-bot", session, next, user: user, "ticket.create",
        ["queue": queue, "priority": "normal", "subject": .string("Customer asks about " + topic)])
    } else {
      tool(
        start + 14, "support-bot", session, next, user: user, "ticket.update",
        ["queue": queue, "status": "answered", "note": .string("Answered from the article on " + topic)])
    }
  }

  private func coder(_ start: Double) {
    let session = "cod-" + ids.hex(12)
    let repository: JSON = .string(ids.pick(["acme/cart", "acme/checkout", "acme/web"]))
    let user = ids.pick(["alice", "bruno", "chen"])
    tool(start, "coder-bot", session, 0, user: user, "repo.search", ["repo": repository, "query": "retry budget"])
    let files = 2 + ids.below(4)
    for step in 1...files {
      let path = ids.pick([
        "src/main.rs", "src/cart/total.rs", "tests/total.rs", "README.md", "../config/app/settings.json",
      ])
      tool(
        start + Double(step) * 9, "coder-bot", session, step, user: user, "repo.read",
        ["repo": repository, "path": .string(path)])
    }
    tool(start + 80, "coder-bot", session, files + 1, user: user, "ci.status", ["repo": repository, "branch": "main"])
    tool(
      start + 95, "coder-bot", session, files + 2, user: user, "pr.comment",
      ["repo": repository, "body": "The total is rounded twice; the second rounding can go."])
  }

  private func operations(_ start: Double) {
    let session = "ops-" + ids.hex(12)
    let service: JSON = .string(ids.pick(["cart", "checkout", "web"]))
    tool(
      start, "ops-bot", session, 0, user: "scheduler", "metrics.query",
      ["service": service, "metric": "latency_p99", "window": "30m"])
    tool(
      start + 4, "ops-bot", session, 1, user: "scheduler", "logs.search",
      ["service": service, "query": "level=error", "window": "30m"])
    if ids.chance(0.25) {
      tool(
        start + 9, "ops-bot", session, 2, user: "scheduler", "runbook.get", ["service": service, "title": "latency"])
      tool(
        start + 30, "ops-bot", session, 3, user: "scheduler", "incident.update",
        ["service": service, "status": "watching", "note": "Latency is back to normal."])
    }
  }
}
