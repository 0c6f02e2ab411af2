import Synthesis

extension Attacks {
  private static let long = "long-lived-secret"
  private static let human = "interactive-use"

  static let secrets: [Act] = [
    { c, t in
      let key = c.keyUser(World.data, "old-reporting", address: World.dataEgress)
      for n in 1..<14 { c.work(key, from: t - Double(n) * 86_400, calls: 1) }
      let id = c.aws(t, key, "s3", "ListBuckets", address: "52.16.0.10")
      c.truth.attack("LL1", long, identity: key.name, events: [id], what: "an old key from another provider")
    },
    { c, t in
      let email = c.accountEmail("exporter")
      let key =
        "//iam.googleapis.com/projects/\(World.project)/serviceAccounts/\(email)/keys/\(Stable.fingerprint("exporter").prefix(40))"
      for n in 1..<14 {
        c.google(
          t - Double(n) * 86_400, [("principalEmail", .string(email)), ("serviceAccountKeyName", .string(key))],
          "storage", "storage.objects.get", resource: "projects/_/buckets/acme/objects/a",
          permission: "storage.objects.get", address: World.dataEgress)
      }
      let id = c.google(
        t, [("principalEmail", .string(email)), ("serviceAccountKeyName", .string(key))], "storage",
        "storage.objects.list", resource: "projects/_/buckets/acme", permission: "storage.objects.list",
        address: "52.16.0.44")
      c.truth.attack("LL1", long, identity: email, events: [id], what: "a service account's key from another provider")
    },
    { c, t in
      c.deed(
        t, "LL2", long, role: "user-sync", "iam", "CreateAccessKey", ["userName": "backup"],
        response: ["accessKey": ["accessKeyId": .string(c.key("AKIA")), "userName": "backup", "status": "Active"]],
        what: "a role makes a key for a user")
    },
    { c, t in
      let id = c.google(
        t, [("principalEmail", .string(c.accountEmail("builder")))], "iam",
        "google.iam.admin.v1.CreateServiceAccountKey",
        resource: "projects/-/serviceAccounts/\(c.accountEmail("owner"))", type: "service_account",
        labels: [("email_id", .string(c.accountEmail("owner")))],
        response: [
          (
            "name",
            .string("projects/\(World.project)/serviceAccounts/\(c.accountEmail("owner"))/keys/\(c.ids.hex(40))")
          )
        ], permission: "iam.serviceAccountKeys.create", address: World.platformEgress)
      c.truth.attack(
        "LL2", long, identity: c.accountEmail("builder"), events: [id], what: "a key for another service account")
    },
    { c, t in
      let w = worker(c, "helper", before: t)
      let id = c.kubernetes(
        t, w, "create", "secrets", namespace: "shop", name: "keep", code: 201,
        request: [
          "metadata": [
            "name": "keep", "namespace": "shop", "annotations": ["kubernetes.io/service-account.name": "admin"],
          ], "type": "kubernetes.io/service-account-token",
        ])
      c.truth.attack("LL2", long, identity: w.name, events: [id], what: "a lasting token as a secret")
    },
    { c, t in
      let id = c.okta(
        t, actor: ("00u9svc", "User", "svc-provisioning@acme.example"), "system.api_token.create",
        target: [["id": "00T1abc", "type": "Token", "displayName": "sync"]], address: World.datacenter)
      c.truth.attack("LL2", long, identity: "svc-provisioning@acme.example", events: [id], what: "a lasting API token")
    },
    { c, t in
      c.deed(
        t, "LL3", long, role: "host-tuner", "ec2", "ModifyInstanceMetadataOptions",
        [
          "ModifyInstanceMetadataOptionsRequest": [
            "InstanceId": "i-0a1b2c3d4e5f60718", "HttpTokens": "optional", "HttpEndpoint": "enabled",
          ]
        ], what: "the first metadata version again")
    },
    { c, t in
      let id = c.uuid()
      c.add(
        .azure, t,
        [
          "time": .string(c.day.iso(t, digits: 6)), "category": "Administrative", "resultType": "Success",
          "resultSignature": "Succeeded.OK",
          "callerIpAddress": .string(World.datacenter), "correlationId": .string(id), "eventDataId": .string(id),
          "tenantId": .string(World.directory),
          "identity": [
            "authorization": ["scope": "/subscriptions/0a1b2c3d-0000-4000-8000-000000000001"],
            "claims": [
              "appid": .string(EntraApp(name: "reports").app),
              "http://schemas.microsoft.com/identity/claims/objectidentifier": .string(
                EntraApp(name: "reports").principal),
              "http://schemas.microsoft.com/identity/claims/tenantid": .string(World.directory), "idtyp": "app",
            ],
          ],
          "resourceId":
            "/subscriptions/0a1b2c3d-0000-4000-8000-000000000001/RESOURCEGROUPS/RG-1/PROVIDERS/MICROSOFT.STORAGE/STORAGEACCOUNTS/SHOPDATA",
          "operationName": "MICROSOFT.STORAGE/STORAGEACCOUNTS/LISTKEYS/ACTION",
        ])
      c.truth.attack(
        "LL4", long, identity: EntraApp(name: "reports").principal, events: [id],
        what: "a storage account's shared keys")
    },
  ]

  static let interactive: [Act] = [
    { c, t in
      let live = c.instanceSession("gate-node", before: t, instance: c.instance())
      let id = c.aws(
        t, live.caller, "signin", "ConsoleLogin", response: ["ConsoleLogin": "Success"], address: World.outside(50),
        agent: World.browser, readOnly: false,
        extra: [
          ("eventType", "AwsConsoleSignIn"),
          (
            "additionalEventData",
            ["MFAUsed": "No", "LoginTo": "https://console.aws.amazon.com", "MobileVersion": "No"]
          ),
        ])
      c.truth.attack(
        "HI1", human, identity: live.caller.name, events: [id], what: "the console with an instance's session")
    },
    { c, t in
      let live = c.instanceSession("sign-node", before: t, instance: c.instance())
      let id = c.aws(
        t, live.caller, "signin", "GetSigninToken", response: ["GetSigninToken": "Success"],
        agent: "Jersey/${project.version} (HttpUrlConnection 11.0.22)", readOnly: false,
        extra: [("eventType", "AwsConsoleSignIn")])
      c.truth.attack(
        "HI1", human, identity: live.caller.name, events: [id], what: "a console link from an instance's session")
    },
    { c, t in
      let id = c.teleport(
        t, "session.start", "T2000I",
        [
          ("user", "bot-ops"), ("login", "root"), ("sid", .string(c.uuid())), ("server_id", "7f2c"),
          ("server_hostname", "db-1"), ("addr.remote", .string(World.outside(51) + ":50022")),
          ("terminal_size", "120:40"),
        ])
      c.truth.attack("HI1", human, identity: "bot-ops", events: [id], what: "a bot at a terminal")
    },
    { c, t in
      c.deed(
        t, "HI3", human, role: "lifecycle-fn", "iam", "CreateLoginProfile",
        ["userName": "etl-loader", "passwordResetRequired": false],
        response: ["loginProfile": ["userName": "etl-loader", "passwordResetRequired": false]],
        what: "a password for a machine's user")
    },
  ]
}
