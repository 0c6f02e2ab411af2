/// A log, and the folder that its files lie in.
enum Log: String, CaseIterable {
  case cloudtrail, kubernetes, gke, vault, gcp, entra, graph, directory, azure, github, okta, spire, teleport, envoy
  case ztunnel, gateway, agents, openai

  /// CloudTrail delivers `{"Records":[…]}`; all others write lines.
  var isEnvelope: Bool { self == .cloudtrail }
}
