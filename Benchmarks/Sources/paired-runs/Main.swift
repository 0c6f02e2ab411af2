import Foundation

/// Times two shell commands in alternation, A B A B …, after one untimed run of each.
@main struct PairedRuns {
  static let usage = """
    usage: paired-runs [--rounds N] [--before COMMAND] [--labels A,B] COMMAND_A COMMAND_B
      --before COMMAND   run before every A, untimed (to remove what the last run left)

    """

  static func main() {
    var rounds = 7
    var before: String?
    var labels = ["A", "B"]
    var commands: [String] = []
    var rest = CommandLine.arguments.dropFirst()
    while let argument = rest.popFirst() {
      switch argument {
      case "--rounds": rounds = rest.popFirst().flatMap { Int($0) } ?? 0
      case "--before": before = rest.popFirst()
      case "--labels": labels = rest.popFirst()?.split(separator: ",").map(String.init) ?? []
      default: commands.append(argument)
      }
    }
    guard rounds > 0, commands.count == 2, labels.count == 2 else { stop(usage, 2) }
    var series = labels.map { Series(label: $0) }
    for round in 0...rounds {
      for side in 0..<2 {
        if side == 0, let before { _ = once(before) }
        let run = once(commands[side])
        if round > 0 { series[side].runs.append(run) }
        note("round \(round)\(round == 0 ? " (warm-up)" : "") \(labels[side]): \(fixed(run.wall)) s\n")
      }
    }
    print(report(series[0], series[1]))
  }

  /// A command that fails makes the comparison worthless: it ends here.
  private static func once(_ command: String) -> ShellRun {
    guard let run = ShellRun.run(command) else { stop("paired-runs: cannot start: \(command)\n", 1) }
    guard run.status == 0 else { stop("paired-runs: exit code \(run.status): \(command)\n", 1) }
    return run
  }

  private static func note(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }

  private static func stop(_ text: String, _ code: Int32) -> Never {
    note(text)
    exit(code)
  }
}
