import Foundation
import Synthesis

/// Makes `samples/quickstart`: one day of four logs of one invented company, the same bytes every time.
@main struct MakeQuickstart {
  static func main() throws {
    let arguments = CommandLine.arguments.dropFirst()
    guard let directory = arguments.first, arguments.count <= 2 else {
      FileHandle.standardError.write(Data("usage: make-quickstart OUTDIR [SEED]\n".utf8))
      exit(2)
    }
    let world = World(seed: arguments.dropFirst().first.flatMap { UInt64($0) } ?? 20_260_317)
    tellStory(world)
    try world.write(to: directory)
    print(world.counts)
  }

  /// The order matters only for ids: the same order, the same files.
  static func tellStory(_ world: World) {
    var cluster = world.makeCluster()
    world.issueTokens(&cluster)
    world.clusterTraffic(cluster)
    world.rollout(cluster)
    world.podAWSTraffic(cluster)
    for node in cluster.nodes {
      world.agentReports(node)
      world.nodeTraffic(node)
    }
    let batch = world.start(
      Instance(
        id: "i-0b47c1d9e8f203a65", account: Account.platform, role: "batch-runner",
        hostname: "ip-10-60-2-14.eu-west-1.compute.internal", privateAddress: "10.60.2.14", egress: Place.platformEgress
      ))
    world.agentReports(batch)
    world.batchHost(batch)
    world.pipelineTraffic()
    world.terraformRuns()
    world.peopleTraffic()
    world.serviceTraffic()
    world.vaultTraffic(cluster)
    world.agentTraffic()
    world.attack(cluster)
    world.agentAttack()
  }
}
