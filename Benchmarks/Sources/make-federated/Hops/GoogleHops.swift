import Synthesis

// Hops 15 to 17: into and inside Google Cloud.

extension Corpus {
  func googleHops(_ start: Double) {
    // 15: GKE Workload Identity: the account of the pod is known, never the pod.
    let wi = "serviceAccount:\(World.project).svc.id.goog[ml/trainer]"
    let trainer = accountEmail("trainer")
    let who = "\(World.project).svc.id.goog[ml/trainer]"
    google(
      start + 1000, [("principalSubject", .string(wi))], "iamcredentials", "GenerateAccessToken",
      resource: "projects/-/serviceAccounts/\(trainer)", type: "service_account",
      labels: [("email_id", .string(trainer)), ("unique_id", "104455667788990011223")],
      request: [("name", .string("projects/-/serviceAccounts/\(trainer)")), ("lifetime", "3600s")],
      permission: "iam.serviceAccounts.getAccessToken")
    impersonated(start + 1060, trainer, by: wi, calls: 3)
    if start < 86_400 {
      truth.hop(
        15, child: "GCPSA:\(trainer)/\(who)", parents: ["SA:\(World.project)/ml/trainer"],
        "iamcredentials:GenerateAccessToken", .strong)
    }

    // 16: one account impersonates another; both stand in every call.
    let builder = accountEmail("builder")
    let publisher = accountEmail("publisher")
    let key =
      "//iam.googleapis.com/projects/\(World.project)/serviceAccounts/\(builder)/keys/\(Stable.fingerprint("builder").prefix(40))"
    let borrowed = google(
      start + 5000, [("principalEmail", .string(builder)), ("serviceAccountKeyName", .string(key))], "iamcredentials",
      "GenerateAccessToken", resource: "projects/-/serviceAccounts/\(publisher)", type: "service_account",
      labels: [("email_id", .string(publisher))],
      request: [("name", .string("projects/-/serviceAccounts/\(publisher)")), ("lifetime", "3600s")],
      permission: "iam.serviceAccounts.getAccessToken",
      address: World.platformEgress)
    // Until it is a habit, a detection may tell of it.
    if start < 3 * 86_400 { truth.mayTell(borrowed) }
    impersonated(start + 5060, publisher, by: "serviceAccount:\(builder)", calls: 3)
    if start < 86_400 {
      truth.hop(
        16, child: "GCPSA:\(publisher)/\(builder)",
        parents: ["GCPKEY:\(builder)/\(Stable.fingerprint("builder").prefix(40))"],
        "iamcredentials:GenerateAccessToken", .strong)
    }

    // 17: a session of AWS is exchanged: its ARN stands there, unique by its name.
    let t17 = start + 9000
    let job = keyUser(World.data, "export-job", address: World.dataEgress)
    let name = "export-\(Int(start))"
    let live = session(World.data, "gcp-exporter", name, at: t17, address: World.dataEgress)
    assume(t17, job, live)
    truth.hop(1, child: "AKID:\(live.key)", parents: ["AKID:\(job.key)"], "sts:AssumeRole", .exact)
    let subject = "arn:aws:sts::\(World.data):assumed-role/gcp-exporter/\(name)"
    let pool = "principal://iam.googleapis.com/projects/551122334455/locations/global/workloadIdentityPools/aws"
    let exchange = google(
      t17 + 30, [("principalSubject", .string(subject))], "sts",
      "google.identity.sts.v1.SecurityTokenService.ExchangeToken",
      resource: "//iam.googleapis.com/projects/551122334455/locations/global/workloadIdentityPools/aws/providers/data",
      metadata: [("mapped_principal", .string("\(pool)/subject/\(subject)"))],
      permission: "sts.identityProviders.exchange", address: World.dataEgress)
    google(
      t17 + 60, [("principalSubject", .string("\(pool)/subject/\(subject)"))], "bigquery",
      "google.cloud.bigquery.v2.JobService.InsertJob",
      resource: "projects/\(World.project)/jobs/load-\(Int(start))", permission: "bigquery.jobs.create",
      address: World.dataEgress)
    truth.hop(17, child: "GCPTOK:\(exchange)", parents: ["AKID:\(live.key)"], "sts:ExchangeToken", .strong)
  }

  private func impersonated(_ time: Double, _ account: String, by subject: String, calls: Int) {
    for n in 0..<calls {
      google(
        time + Double(n) * 300,
        [
          ("principalEmail", .string(account)),
          ("serviceAccountDelegationInfo", [["principalSubject": .string(subject)]]),
        ], "storage", "storage.objects.list", resource: "projects/_/buckets/acme-models", type: "gcs_bucket",
        permission: "storage.objects.list")
    }
  }
}
