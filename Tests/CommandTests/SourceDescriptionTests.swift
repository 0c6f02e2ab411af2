import PipelineContent
import Testing

/// `bittern sources list` and `show`.
@Suite struct SourceDescriptionTests {
  @Test func everySourceSaysWhatItIsAndWhoUsesIt() throws {
    let all = SourceDescription.all(builtIn)
    #expect(all.map(\.name) == builtIn.sources.map(\.name))
    for source in all {
      #expect(!source.recognise.isEmpty && !source.columns.isEmpty, "\(source.name)")
    }
    let cloud = try #require(all.first { $0.name == "aws_cloudtrail" })
    #expect(cloud.readme.hasPrefix("# "))
    #expect(cloud.detections.contains("LC5"))
    #expect(cloud.columns.contains { $0.name == "time" && !$0.values.isEmpty })
    #expect(cloud.acts.contains { act in act.states.contains { $0.hasPrefix("mints ") } })
  }
}
