import Synthesis

// Hops 9 to 14: a workflow's run becomes a session elsewhere.

extension Corpus {
  private static let issuer = "token.actions.githubusercontent.com"

  private func pipelineSession(_ time: Double, _ role: String, runner: Int) -> AWSSession {
    session(
      World.shop, role, "GitHubActions", at: time, address: World.runner(runner),
      extra: [
        (
          "webIdFederationData",
          [
            "federatedProvider": .string("arn:aws:iam::\(World.shop):oidc-provider/\(Corpus.issuer)"),
            "attributes": .object([]),
          ]
        )
      ])
  }

  func pipelineHops(_ start: Double, day number: Int) {
    let first = 9_000_000_000 + number * 100
    func anchor(_ run: Int) -> String { "RUN:github.com/\(run)/1" }

    // 9: the action writes the run into its user agent; the job could forge it.
    let t9 = start + 36_000
    run(t9, t9 + 1200, repository: "web", branch: "main", id: first + 1)
    let told = pipelineSession(t9 + 30, "web-deploy", runner: number)
    webIdentityExchange(
      t9 + 30, told, subject: "repo:acme/web:ref:refs/heads/main", provider: Corpus.issuer,
      agent: "aws-sdk-js/3.500.0 os/linux lang/js md/nodejs#20.11.0 md/run_id#\(first + 1) md/attempt#1")
    work(told.caller, from: t9 + 60, calls: 4, every: 60)
    truth.hop(9, child: "AKID:\(told.key)", parents: [anchor(first + 1)], "sts:AssumeRoleWithWebIdentity", .asserted)

    // 10: an older action: the subject only. One run of the branch is active, then two.
    let t10 = start + 40_000
    run(t10, t10 + 600, repository: "api", branch: "main", id: first + 2)
    let one = pipelineSession(t10 + 60, "api-deploy", runner: number + 1)
    webIdentityExchange(
      t10 + 60, one, subject: "repo:acme/api:ref:refs/heads/main", provider: Corpus.issuer,
      agent: "aws-sdk-js/3.400.0 os/linux lang/js")
    work(one.caller, from: t10 + 90, calls: 3, every: 60)
    truth.hop(10, child: "AKID:\(one.key)", parents: [anchor(first + 2)], "sts:AssumeRoleWithWebIdentity", .strong)
    run(t10 + 2000, t10 + 4000, repository: "api", branch: "main", id: first + 3)
    run(t10 + 2100, t10 + 4100, repository: "api", branch: "main", id: first + 4)
    let either = pipelineSession(t10 + 2200, "api-deploy", runner: number + 2)
    webIdentityExchange(
      t10 + 2200, either, subject: "repo:acme/api:ref:refs/heads/main", provider: Corpus.issuer,
      agent: "aws-sdk-js/3.400.0 os/linux lang/js")
    work(either.caller, from: t10 + 2230, calls: 3, every: 60)
    truth.hop(
      10, child: "AKID:\(either.key)", parents: [anchor(first + 3), anchor(first + 4)], "sts:AssumeRoleWithWebIdentity",
      .candidate)

    // 11: a bot joins Teleport; the run's claims are checked there.
    let t11 = start + 45_000
    run(t11, t11 + 900, repository: "infra", branch: "main", id: first + 5)
    let bot = uuid()
    teleport(
      t11 + 20, "bot.join", "TJ001I",
      [
        ("bot_name", "ci"), ("bot_instance_id", .string(bot)), ("method", "github"), ("token_name", "ci-github"),
        ("user_name", "bot-ci"), ("addr.remote", .string(World.runner(number + 3) + ":43210")),
        (
          "attributes",
          [
            "run_id": .string(String(first + 5)), "run_attempt": "1", "sub": "repo:acme/infra:ref:refs/heads/main",
            "repository": "acme/infra",
          ]
        ),
      ])
    botWork(t11 + 40, bot: bot, user: "bot-ci", address: World.runner(number + 3))
    truth.hop(11, child: "BOT:\(bot)", parents: [anchor(first + 5)], "teleport:bot.join", .exact)

    cloudsOfPipelines(start + 50_000, number, first, anchor)
  }

  func botWork(_ time: Double, bot: String, user: String, address: String) {
    let identity: JSON = [
      "user": .string(user), "bot_name": .string(String(user.dropFirst(4))), "bot_instance_id": .string(bot),
      "roles": ["deployer"],
      "client_ip": .string(address), "generation": 1, "expires": .string(day.iso(time + 3600)),
    ]
    teleport(time, "cert.create", "TC000I", [("cert_type", "user"), ("user", .string(user)), ("identity", identity)])
    teleport(
      time + 20, "exec", "T3002I",
      [
        ("user", .string(user)), ("bot_instance_id", .string(bot)), ("server_id", "7f2c"), ("server_hostname", "app-1"),
        ("command", "systemctl restart app"), ("exitCode", "0"), ("addr.remote", .string(address + ":43211")),
        ("login", "deploy"),
      ])
  }

  // 12 to 14: Google Cloud, Entra and Vault.
  private func cloudsOfPipelines(_ start: Double, _ number: Int, _ first: Int, _ anchor: (Int) -> String) {
    let subject = "repo:acme/models:ref:refs/heads/main"
    run(start, start + 900, repository: "models", branch: "main", id: first + 6)
    let pool = "principal://iam.googleapis.com/projects/551122334455/locations/global/workloadIdentityPools/github"
    let exchange = google(
      start + 30, [("principalSubject", .string(subject))], "sts",
      "google.identity.sts.v1.SecurityTokenService.ExchangeToken",
      resource: "//iam.googleapis.com/projects/551122334455/locations/global/workloadIdentityPools/github/providers/gh",
      metadata: [("mapped_principal", .string("\(pool)/subject/\(subject)"))],
      permission: "sts.identityProviders.exchange",
      address: World.runner(number), agent: "google-github-actions:auth/2.1.2")
    google(
      start + 60, [("principalSubject", .string("\(pool)/subject/\(subject)"))], "storage", "storage.objects.get",
      resource: "projects/_/buckets/acme-models/objects/latest", type: "gcs_bucket", permission: "storage.objects.get",
      address: World.runner(number))
    truth.hop(12, child: "GCPTOK:\(exchange)", parents: [anchor(first + 6)], "sts:ExchangeToken", .strong)

    let app = EntraApp(name: "ci-directory-sync", address: World.runner(number + 5))
    run(start + 2000, start + 2900, repository: "directory", branch: "main", id: first + 7)
    let token = signIn(
      start + 2030, app, means: "federatedIdentityCredential", federated: SeededRandom.uuid(of: "fic/directory"))
    for n in 0..<3 {
      graph(start + 2040 + Double(n) * 20, app, token: token.token, "GET", "groups", issued: start + 2030)
    }
    truth.hop(13, child: "UTI:\(token.token)", parents: [anchor(first + 7)], "entra:sign-in", .strong)

    for (n, mapped) in [true, false].enumerated() {
      let time = start + 4000 + Double(n) * 2000
      let id = first + 8 + n
      run(time, time + 900, repository: "secrets", branch: "main", id: id)
      var metadata: [(String, JSON)] = [
        ("role", "ci"), ("sub", "repo:acme/secrets:ref:refs/heads/main"), ("repository", "acme/secrets"),
      ]
      if mapped { metadata += [("run_id", .string(String(id))), ("run_attempt", "1")] }
      let login = vaultToken(
        "jwt-secrets-ci", policies: ["ci"], metadata: metadata, address: World.runner(number + 6), at: time + 30)
      self.login(time + 30, login, mount: "github", kind: "jwt", role: "ci")
      vault(time + 40, login, "read", "kv/data/ci/deploy", mount: "kv/", kind: "kv")
      truth.hop(14, child: "VACC:\(login.accessor)", parents: [anchor(id)], "vault:login", mapped ? .exact : .strong)
    }
  }
}
