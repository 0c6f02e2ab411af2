import Synthesis

/// An application of the directory.
struct EntraApp {
  var name: String
  var principal: String { SeededRandom.uuid(of: "sp/" + name) }
  var app: String { SeededRandom.uuid(of: "app/" + name) }
  var address = "203.0.113.53"
  var asn = 64_496
}

extension Corpus {
  /// A service principal's sign-in; gives the token's id and the event's.
  @discardableResult func signIn(
    _ time: Double, _ app: EntraApp, key: String? = nil, means: String, federated: String? = nil,
    code: Int = 0, address: String? = nil, resource: String = "Microsoft Graph"
  ) -> (token: String, event: String) {
    let id = uuid()
    let token = ids.letters(22, of: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")
    let nobody = "00000000-0000-0000-0000-000000000000"
    let properties: JSON = [
      "id": .string(id), "createdDateTime": .string(day.iso(time, digits: 6)),
      "servicePrincipalName": .string(app.name), "servicePrincipalId": .string(app.principal),
      "appId": .string(app.app),
      "ipAddress": .string(address ?? app.address), "autonomousSystemNumber": .int(app.asn),
      "servicePrincipalCredentialKeyId": .string(key ?? nobody), "clientCredentialType": .string(means),
      "federatedCredentialId": .string(federated ?? nobody), "resourceDisplayName": .string(resource),
      "resourceId": "00000003-0000-0000-c000-000000000000", "uniqueTokenIdentifier": .string(token),
      "incomingTokenType": "none", "status": ["errorCode": .int(code)], "conditionalAccessStatus": "notApplied",
      "correlationId": .string(uuid()), "resourceTenantId": .string(World.directory),
      "homeTenantId": .string(World.directory),
    ]
    add(
      .entra, time,
      [
        "time": .string(day.iso(time, digits: 6)), "category": "ServicePrincipalSignInLogs",
        "operationName": "Sign-in activity", "tenantId": .string(World.directory), "properties": properties,
      ])
    return (token, id)
  }

  /// A request to Graph; gives its id.
  @discardableResult func graph(
    _ time: Double, _ app: EntraApp, token: String, _ method: String, _ path: String, code: Int = 200,
    address: String? = nil, issued: Double
  ) -> String {
    let id = uuid()
    add(
      .graph, time,
      [
        "time": .string(day.iso(time, digits: 6)), "category": "MicrosoftGraphActivityLogs",
        "properties": [
          "timeGenerated": .string(day.iso(time, digits: 6)), "requestId": .string(id), "appId": .string(app.app),
          "servicePrincipalId": .string(app.principal), "signInActivityId": .string(token),
          "tokenIssuedAt": .string(day.iso(issued)), "clientAuthMethod": 2,
          "ipAddress": .string(address ?? app.address),
          "userAgent": "python-requests/2.31.0", "requestMethod": .string(method),
          "requestUri": .string("https://graph.microsoft.com/v1.0/\(path)"), "responseStatusCode": .int(code),
          "roles": "User.Read.All Group.Read.All", "tenantId": .string(World.directory),
        ],
      ])
    return id
  }

  /// The directory's own log: a federated credential of an application.
  @discardableResult func federatedCredential(
    _ time: Double, _ app: EntraApp, id credential: String, subject: String, issuer: String, by: String
  ) -> String {
    let id = uuid()
    let value: JSON = [
      [
        "Id": .string(credential), "Name": "ci", "Issuer": .string(issuer), "Subject": .string(subject),
        "Audiences": ["api://AzureADTokenExchange"],
      ]
    ]
    add(
      .directory, time,
      [
        "time": .string(day.iso(time, digits: 6)), "category": "AuditLogs", "tenantId": .string(World.directory),
        "operationName": "Update application",
        "properties": [
          "id": .string(id), "category": "ApplicationManagement", "correlationId": .string(uuid()), "result": "success",
          "activityDisplayName": "Update application", "activityDateTime": .string(day.iso(time, digits: 6)),
          "loggedByService": "Core Directory", "operationType": "Update",
          "initiatedBy": [
            "user": [
              "id": .string(SeededRandom.uuid(of: by)), "userPrincipalName": .string(by),
              "ipAddress": .string(World.office(3)),
            ]
          ],
          "targetResources": [
            [
              "id": .string(SeededRandom.uuid(of: "object/" + app.name)), "displayName": .string(app.name),
              "type": "Application",
              "modifiedProperties": [
                ["displayName": "FederatedIdentityCredentials", "oldValue": "[]", "newValue": .string(value.text)]
              ],
            ]
          ],
        ],
      ])
    return id
  }
}
