/// What the company would tell Bittern about itself. Written by the generator so that it always fits the logs.
let bitternConfiguration = """
  # The quickstart's own configuration: bittern scan samples/quickstart --config samples/quickstart/bittern.yml
  # Private cluster addresses are no zone on purpose: inside a cluster every address is its own.
  zones:
    - {name: office, networks: [198.51.100.0/25]}
    - {name: datacenter, networks: [198.51.100.128/25]}
    - {name: eks-egress, networks: [203.0.113.16/28]}
    - {name: platform-egress, networks: [203.0.113.48/28]}
    - {name: data-egress, networks: [203.0.113.64/28]}
    - {name: lambda-egress, networks: [203.0.113.96/28]}
    - {name: ci-runners, networks: [203.0.113.128/25]}
  organization: {accounts: ["111122223333", "444455556666", "777788889999"]}
  identities: identities.yml

  """

/// One entry of identities.yml.
struct InventoryEntry {
  var id, kind, owner, purpose: String
  var match: [String]
  /// More lines, such as `scope: {…}`.
  var more: [String] = []

  var text: String {
    let names = match.map { "\"\($0)\"" }.joined(separator: ", ")
    let lines = [
      "  - id: \(id)", "    match: [\(names)]", "    kind: \(kind)", "    owner: \(owner)", "    purpose: \(purpose)",
      "    status: active",
    ]
    return (lines + more.map { "    " + $0 }).joined(separator: "\n") + "\n"
  }
}

/// Every machine identity of the day; only a few carry a scope.
var identityInventory: String {
  "identities:\n" + (declared + plain).map(\.text).joined()
}

private func role(_ account: String, _ name: String) -> String { "arn:aws:iam::\(account):role/\(name)" }
private func user(_ account: String, _ name: String) -> String { "arn:aws:iam::\(account):user/\(name)" }
private func everyAccount() -> String { Account.all.map { "\"\($0)\"" }.joined(separator: ", ") }

private let declared: [InventoryEntry] = [
  InventoryEntry(
    id: "invoice-bot", kind: "workload", owner: "team-billing",
    purpose: "writes invoices and puts them into their bucket",
    match: [role(Account.shop, "invoice-bot")],
    more: ["scope: {services: [s3], regions: [\(home)], accounts: [\"\(Account.shop)\"]}"]),
  InventoryEntry(
    id: "external-secrets", kind: "workload", owner: "team-platform",
    purpose: "copies secrets into the cluster every hour",
    match: [role(Account.shop, "external-secrets"), "system:serviceaccount:external-secrets:external-secrets"],
    more: ["duties: [secret-manager]"]),
  InventoryEntry(
    id: "vault-server", kind: "workload", owner: "team-platform",
    purpose: "makes and removes short-lived IAM users for leases",
    match: [role(Account.shop, "vault-server"), "system:serviceaccount:vault:vault"],
    more: ["duties: [rotator, secret-manager]"]),
  InventoryEntry(
    id: "github-deploy", kind: "ci", owner: "team-platform", purpose: "builds images and deploys into every account",
    match: [role(Account.platform, "github-deploy")], more: ["scope: {accounts: [\(everyAccount())]}"]),
  InventoryEntry(
    id: "batch-runner", kind: "workload", owner: "team-data",
    purpose: "runs the data account's maintenance four times a day",
    match: [role(Account.platform, "batch-runner")],
    more: ["scope: {accounts: [\"\(Account.platform)\", \"\(Account.data)\"]}"]),
  InventoryEntry(
    id: "partner-feed", kind: "service_account", owner: "team-data", purpose: "a partner's feed with an old access key",
    match: [user(Account.data, "partner-feed")],
    more: [
      "exceptions: [{detection: LL1, owner: team-data, reason: the partner cannot use roles, expires: 2027-01-01}]"
    ]),
  InventoryEntry(
    id: "warehouse-printer", kind: "service_account", owner: "team-logistics", purpose: "fetches labels to print",
    match: [user(Account.shop, "warehouse-printer")],
    more: ["exceptions: [{detection: LL1, owner: team-logistics, reason: goes with the printers, expires: 2027-01-01}]"]
  ),
  InventoryEntry(
    id: "support-bot", kind: "agent", owner: "team-support", purpose: "answers customers from the knowledge base",
    match: ["support-bot"], more: ["scope: {tools: [kb.search, ticket.create, ticket.update, customer.lookup]}"]),
  InventoryEntry(
    id: "coder-bot", kind: "agent", owner: "team-tools", purpose: "reviews pull requests", match: ["coder-bot"],
    more: ["scope: {tools: [repo.search, repo.read, ci.status, pr.comment]}"]),
  InventoryEntry(
    id: "ops-bot", kind: "agent", owner: "team-platform", purpose: "watches latency and keeps incidents up to date",
    match: ["ops-bot"], more: ["scope: {tools: [metrics.query, logs.search, runbook.get, incident.update]}"]),
]

private func workload(_ id: String, _ owner: String, _ purpose: String, _ match: String...) -> InventoryEntry {
  InventoryEntry(id: id, kind: "workload", owner: owner, purpose: purpose, match: match)
}

private func account(_ namespace: String, _ name: String, _ purpose: String) -> InventoryEntry {
  InventoryEntry(
    id: name, kind: "service_account", owner: "team-platform", purpose: purpose,
    match: ["system:serviceaccount:\(namespace):\(name)"])
}

private let plain: [InventoryEntry] = [
  workload(
    "shop-cart", "team-shop", "keeps the carts", role(Account.shop, "shop-cart"), "system:serviceaccount:shop:cart"),
  workload(
    "shop-checkout", "team-shop", "takes payments", role(Account.shop, "shop-checkout"),
    "system:serviceaccount:shop:checkout", "kubernetes-shop-checkout"),
  workload(
    "shop-order-worker", "team-shop", "works off orders", role(Account.shop, "shop-order-worker"),
    "system:serviceaccount:shop:order-worker", "kubernetes-shop-order-worker"),
  workload("shop-web", "team-shop", "serves the shop", "system:serviceaccount:shop:web"),
  workload(
    "invoice-bot-pod", "team-billing", "the pod of invoice-bot in the cluster and in Vault",
    "system:serviceaccount:billing:invoice-bot", "kubernetes-billing-invoice-bot"),
  workload(
    "report-loader", "team-data", "reads the warehouse with leased keys",
    "system:serviceaccount:analytics:report-loader", "kubernetes-analytics-report-loader", user(Account.shop, "vault-*")
  ),
  workload(
    "cluster-autoscaler", "team-platform", "sizes the node group", role(Account.shop, "cluster-autoscaler"),
    "system:serviceaccount:kube-system:cluster-autoscaler"),
  workload(
    "shop-prod-node", "team-platform", "the cluster's nodes", role(Account.shop, "shop-prod-node"), "system:node:*"),
  workload("etl-host", "team-data", "loads the lake", role(Account.data, "etl-host")),
  workload(
    "data-maintenance", "team-data", "what a maintenance job may do in the data account",
    role(Account.data, "data-maintenance")),
  workload("lambda-thumbnailer", "team-media", "makes thumbnails", role(Account.data, "lambda-thumbnailer")),
  workload("lambda-report-mailer", "team-data", "sends reports", role(Account.data, "lambda-report-mailer")),
  workload("refunds-archiver", "team-billing", "archives refunds", role(Account.platform, "refunds-archiver")),
  InventoryEntry(
    id: "deploy-target", kind: "ci", owner: "team-platform", purpose: "what a deployment may do inside an account",
    match: [role("*", "deploy-target")]),
  InventoryEntry(
    id: "terraform", kind: "ci", owner: "team-platform", purpose: "applies the infrastructure repository",
    match: [role(Account.platform, "terraform")]),
  account("ops", "kube-janitor", "removes finished jobs in its own namespace"),
  account("argocd", "argocd-application-controller", "keeps deployments as declared"),
  account("kube-system", "coredns", "resolves names"),
  account("kube-system", "metrics-server", "measures pods"),
  account("monitoring", "prometheus", "collects metrics"),
  account("ingress-nginx", "ingress-nginx", "routes requests"),
]
