/// What the company would tell Bittern about itself. Written by the generator so that it always fits the logs.
let bitternConfiguration = """
  # Configuration of the quickstart: bittern scan samples/quickstart --config samples/quickstart/bittern.yml
  zones:
    - {name: office, networks: [198.51.100.0/25]}
    - {name: datacenter, networks: [198.51.100.128/25]}
    - {name: eks-egress, networks: [203.0.113.16/28]}
    - {name: shop-egress, networks: [203.0.113.32/28]}
    - {name: platform-egress, networks: [203.0.113.48/28]}
    - {name: data-egress, networks: [203.0.113.64/28]}
    - {name: lambda-egress, networks: [203.0.113.96/28]}
    - {name: ci-runners, networks: [203.0.113.128/25]}
  organization: {accounts: ["111122223333", "444455556666", "777788889999"]}
  identities: identities.yml

  """

let identityInventory = """
  identities:
    - id: shop-cart
      match: ["arn:aws:iam::111122223333:role/shop-cart", "system:serviceaccount:shop:cart"]
      kind: workload
      owner: team-shop
      purpose: keeps the carts
      status: active
    - id: invoice-bot
      match: ["arn:aws:iam::111122223333:role/invoice-bot", "system:serviceaccount:billing:invoice-bot"]
      kind: workload
      owner: team-billing
      purpose: writes invoices and puts them into their bucket
      status: active
      scope: {regions: [eu-west-1], accounts: ["111122223333"]}
    - id: external-secrets
      match: ["arn:aws:iam::111122223333:role/external-secrets", "system:serviceaccount:external-secrets:external-secrets"]
      kind: workload
      owner: team-platform
      purpose: copies secrets from Secrets Manager into the cluster, every hour
      status: active
      duties: [secret-manager]
    - id: vault-server
      match: ["arn:aws:iam::111122223333:role/vault-server", "system:serviceaccount:vault:vault"]
      kind: workload
      owner: team-platform
      purpose: makes and removes short-lived IAM users for the leases of its AWS engine
      status: active
      duties: [rotator, secret-manager]
    - id: github-deploy
      match: ["arn:aws:iam::777788889999:role/github-deploy"]
      kind: ci
      owner: team-platform
      purpose: builds images and deploys into every account through its deploy-target role
      status: active
      scope: {accounts: ["111122223333", "444455556666", "777788889999"]}
    - id: deploy-target
      match: ["arn:aws:iam::*:role/deploy-target"]
      kind: ci
      owner: team-platform
      purpose: what a deployment may do inside an account
      status: active
    - id: terraform
      match: ["arn:aws:iam::777788889999:role/terraform"]
      kind: ci
      owner: team-platform
      purpose: applies the infrastructure repository
      status: active
    - id: batch-runner
      match: ["arn:aws:iam::777788889999:role/batch-runner"]
      kind: workload
      owner: team-data
      purpose: runs the maintenance jobs of the data account four times a day
      status: active
      scope: {accounts: ["444455556666", "777788889999"]}
    - id: data-maintenance
      match: ["arn:aws:iam::444455556666:role/data-maintenance"]
      kind: workload
      owner: team-data
      purpose: what a maintenance job may do in the data account
      status: active
    - id: kube-janitor
      match: ["system:serviceaccount:ops:kube-janitor"]
      kind: service_account
      owner: team-platform
      purpose: removes finished jobs
      status: active
    - id: partner-feed
      match: ["arn:aws:iam::444455556666:user/partner-feed"]
      kind: service_account
      owner: team-data
      purpose: a partner's nightly feed, with an old access key
      status: active
      exceptions: [{detection: LL1, owner: team-data, reason: the partner's system knows no roles, expires: 2027-01-01}]
    - id: warehouse-printer
      match: ["arn:aws:iam::111122223333:user/warehouse-printer"]
      kind: service_account
      owner: team-logistics
      purpose: fetches labels to print
      status: active
      exceptions: [{detection: LL1, owner: team-logistics, reason: replaced with the printers, expires: 2027-01-01}]
    - id: support-bot
      match: ["support-bot"]
      kind: agent
      owner: team-support
      purpose: answers customers from the knowledge base
      status: active
      scope: {tools: [kb.search, ticket.create, ticket.update, customer.lookup]}
    - id: coder-bot
      match: ["coder-bot"]
      kind: agent
      owner: team-developer-tools
      purpose: reviews pull requests
      status: active
      scope: {tools: [repo.search, repo.read, ci.status, pr.comment]}
    - id: ops-bot
      match: ["ops-bot"]
      kind: agent
      owner: team-platform
      purpose: watches latency and keeps incidents up to date
      status: active
      scope: {tools: [metrics.query, logs.search, runbook.get, incident.update]}

  """
