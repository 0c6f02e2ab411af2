/// A name of AWS's IAM without its path. Some records name a role or user with it and some without; in an account a name is
/// there once, whatever its path.
enum BareName {
  /// `arn:…:iam::…:role/a/b/name` as `arn:…:iam::…:role/name`; nil for what has no path.
  static func of(_ name: [UInt8]) -> [UInt8]? {
    guard name.starts(with: Array("arn:".utf8)) else { return nil }
    let colons = name.indices.filter { name[$0] == 0x3a }
    guard colons.count >= 5, Array(name[(colons[1] + 1)..<colons[2]]) == Array("iam".utf8),
      let first = name[colons[4]...].firstIndex(of: 0x2f), let last = name.lastIndex(of: 0x2f), first < last
    else { return nil }
    return Array(name[...first] + name[(last + 1)...])
  }
}
