/// What the invented organization declares of itself: its networks and a few duties.
enum Declared {
  static let configuration = """
    # Of the federated corpus: bittern scan CORPUS --config CORPUS/bittern.yml
    zones:
      - {name: office, networks: [198.51.100.0/25]}
      - {name: datacenter, networks: [198.51.100.128/25]}
      - {name: shop-egress, networks: [203.0.113.16/28]}
      - {name: platform-egress, networks: [203.0.113.48/28]}
      - {name: data-egress, networks: [203.0.113.64/28]}
      - {name: lambda-egress, networks: [203.0.113.96/28]}
      - {name: hosts, networks: [198.18.0.0/15]}
      - {name: ci-runners, networks: [203.0.113.128/25]}
    organization: {accounts: ["\(World.shop)", "\(World.data)", "\(World.platform)"]}
    identities: identities.yml

    """

  static let identities = """
    identities:
      - {id: cspm-reader, match: ["\(World.user(World.platform, "cspm-reader"))"], owner: security, duties: [scanner]}
      - {id: nightly-backup, match: ["\(World.role(World.shop, "nightly-backup"))"], owner: platform, duties: [backup]}
      - {id: key-rotator, match: ["\(World.role(World.shop, "key-rotator"))"], owner: platform, duties: [rotator]}
      - {id: vault-root, match: ["\(World.user(World.shop, "vault-root"))"], owner: platform, duties: [broker, rotator]}
      - {id: fn-pipeline, match: ["\(World.role(World.shop, "fn-pipeline"))"], owner: platform, duties: [deployer]}
      - {id: invoice-bot, match: ["\(World.user(World.shop, "invoice-bot"))"], owner: billing, scope: {services: [s3]}}

    """
}
