@main struct MakeCloudTrail { static func main() {} }
