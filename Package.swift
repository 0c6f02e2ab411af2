// swift-tools-version: 6.2
import PackageDescription

/// Every target: Swift 6 mode, unsafe code must be marked, and a missing mark is an error.
let strict: [SwiftSetting] = [
  .strictMemorySafety(),
  .treatWarning("StrictMemorySafety", as: .error),
]

/// One stage of the data path. Arrows go down only; see ARCHITECTURE.md.
func stage(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: name, dependencies: dependencies, swiftSettings: [])
}

let package = Package(
  name: "bittern",
  products: [.executable(name: "bittern", targets: ["bittern"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // C: header-only inlines and the system's zlib, no logic.
    .target(name: "CSystem"),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),

    stage("EventModel", [.product(name: "Crypto", package: "swift-crypto")]),
    stage("LogReading", ["EventModel", "CSystem", "CZlib"]),
    stage("JSONScanning", ["CSystem"]),
    stage("Normalization", ["EventModel", "LogReading", "JSONScanning"]),
    stage("EventWindow", ["EventModel"]),
    stage("Lineage", ["EventModel", "EventWindow"]),
    stage("Detection", ["EventModel", "EventWindow", "Lineage"]),
    .target(
      name: "Evidence",
      dependencies: [
        "EventModel", .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ],
      exclude: ["SCHEMA.md"], swiftSettings: strict),
    stage(
      "Reporting",
      ["EventModel", "Evidence", .product(name: "Crypto", package: "swift-crypto")]),
    .target(
      name: "PipelineContent",
      dependencies: [
        "EventModel", "EventWindow", "LogReading", "Normalization", "Detection",
        .product(name: "Yams", package: "Yams"),
      ],
      swiftSettings: strict, plugins: ["PackPipelines"]),
    stage(
      "PipelineRuntime",
      [
        "CSystem", "EventModel", "LogReading", "Normalization", "EventWindow", "Lineage", "Detection", "Evidence",
        "Reporting", "PipelineContent",
      ]),
    .executableTarget(
      name: "bittern",
      dependencies: [
        "EventModel", "Detection", "EventWindow", "Evidence", "Reporting", "PipelineContent", "PipelineRuntime",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    tests("LogReadingTests", ["EventModel", "LogReading", "CZlib"]),
    .plugin(name: "PackPipelines", capability: .buildTool()),

    tests("JSONScanningTests", ["JSONScanning"]),
    tests("NormalizationTests", ["Normalization", "EventModel", "JSONScanning", "PipelineContent"]),
    tests(
      "DetectionTests",
      ["Detection", "EventModel", "EventWindow", "Lineage", "LogReading", "Normalization", "PipelineContent"]),
    tests(
      "EndToEndTests",
      ["EventModel", "EventWindow", "Evidence", "Reporting", "PipelineContent", "PipelineRuntime", "bittern"]),
    tests(
      "CommandTests",
      ["EventModel", "Detection", "Evidence", "Normalization", "Reporting", "PipelineContent", "PipelineRuntime"]),
    tests(
      "EvaluationTests",
      [
        "EventModel", "EventWindow", "Lineage", "Detection", "Evidence", "Reporting", "PipelineContent",
        "PipelineRuntime",
      ]),
    tests("EvidenceTests", ["Evidence", "EventModel", .product(name: "GRDB", package: "GRDB.swift")]),
    tests(
      "ReportingTests",
      ["Reporting", "Evidence", "EventModel", .product(name: "Crypto", package: "swift-crypto")]),
  ]
)
