import Foundation
import PackagePlugin

/// Packs every file below `pipelines/` into one Swift source, so that the binary carries its content.
/// `.embedInCode` cannot take two files of one name, and every folder has a `source.yml`.
@main struct PackPipelines: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: Target) throws -> [Command] {
    let root = context.package.directoryURL.appending(path: "pipelines")
    let output = context.pluginWorkDirectoryURL.appending(path: "PackedPipelines.swift")
    let inputs = files(below: root)
    return [
      .buildCommand(
        displayName: "Packing pipelines/",
        executable: URL(fileURLWithPath: "/bin/sh"),
        arguments: [
          context.package.directoryURL.appending(path: "Plugins/PackPipelines/pack.sh").path,
          root.path, output.path,
        ],
        inputFiles: inputs, outputFiles: [output])
    ]
  }

  private func files(below root: URL) -> [URL] {
    let walker = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)
    var found: [URL] = []
    while let file = walker?.nextObject() as? URL {
      if !file.hasDirectoryPath { found.append(file) }
    }
    return found.sorted { $0.path < $1.path }
  }
}
