@main struct PairedRuns { static func main() {} }
