// swift-tools-version: 6.2
import PackageDescription

/// As in the main package: unsafe code must be marked, and a missing mark is an error.
let strict: [SwiftSetting] = [
  .strictMemorySafety(),
  .treatWarning("StrictMemorySafety", as: .error),
]

/// Kept apart from the tool on purpose: what makes its test data must not share its code.
let package = Package(
  name: "bittern-benchmarks",
  targets: [
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "Synthesis", dependencies: ["CZlib"], swiftSettings: strict),
    .executableTarget(name: "make-quickstart", dependencies: ["Synthesis"], swiftSettings: strict),
    .executableTarget(name: "make-cloudtrail", dependencies: ["Synthesis"], swiftSettings: strict),
    .executableTarget(name: "make-federated", dependencies: ["Synthesis"], swiftSettings: strict),
    .executableTarget(name: "paired-runs", swiftSettings: strict),
    .testTarget(name: "SynthesisTests", dependencies: ["Synthesis"]),
  ]
)
