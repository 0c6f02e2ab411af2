import Normalization

/// Which field fills which column: by what its key is called and what form its values have.
struct ColumnGuess {
  typealias Column = SourceDefinition.ColumnName

  /// Fields for each column, the best first; further ones where the best is not in every record.
  private(set) var fields: [Column: [FieldProfile]] = [:]
  private let profile: SampleProfile

  /// Scores below say too little.
  static let least = 7

  init(_ profile: SampleProfile) {
    self.profile = profile
    var taken: Set<String> = []
    for column in ColumnPhrases.order {
      let found = candidates(column).filter { column == .actorName || !taken.contains($0.field.path) }
      guard let best = found.first else { continue }
      var chosen = [best.field]
      if best.field.present < profile.records {
        chosen += found.dropFirst().prefix(2).filter { $0.score + 6 >= best.score }.map(\.field)
      }
      fields[column] = chosen
      for field in chosen { taken.insert(field.path) }
    }
  }

  subscript(_ column: Column) -> FieldProfile? { fields[column]?.first }

  private func candidates(_ column: Column) -> [(field: FieldProfile, score: Int)] {
    var found: [(field: FieldProfile, score: Int)] = []
    for field in profile.fields where fits(field, column) {
      let score = score(field, column)
      if score >= ColumnGuess.least { found.append((field, score)) }
    }
    return found.sorted { ($1.score, $0.field.depth, $0.field.path) < ($0.score, $1.field.depth, $1.field.path) }
  }

  private func score(_ field: FieldProfile, _ column: Column) -> Int {
    let words = Set(field.leaf.split(separator: " ").map(String.init))
    if !words.isDisjoint(with: ColumnPhrases.avoided[column] ?? []) { return 0 }
    var best = 0
    for (phrase, points) in ColumnPhrases.phrases[column] ?? [] {
      if field.leaf == phrase {
        best = max(best, points + 6)
      } else if field.full.hasSuffix(" " + phrase) || field.full == phrase {
        best = max(best, points + 5)
      } else if (" " + field.full + " ").contains(" " + phrase + " ") {
        best = max(best, points)
      }
    }
    // The form alone tells a text time or an address, and no other column.
    if best == 0, column == .time, field.numbers == 0 { best = 8 }
    if best == 0, column == .address { best = 8 }
    if best == 0 { return 0 }
    return best - field.depth + (field.present * 4 / max(1, profile.records))
  }

  /// Whether the values may be what the column holds.
  private func fits(_ field: FieldProfile, _ column: Column) -> Bool {
    if field.present == 0 || ColumnGuess.isSecret(field) { return false }
    let many = field.present >= 6
    switch column {
    case .time: return field.isTime && field.present * 2 >= profile.records
    case .expiresAt, .issuedAt: return field.isTime
    case .address: return field.isAddress
    case .id: return field.isUnique && !field.isTime && field.present == profile.records
    case .outcome:
      return field.values.prefix(20).contains { OutcomeWords.word($0, key: field.leaf) != nil }
        && field.distinct <= 40
    case .action:
      let isText = field.numbers == 0 && field.booleans == 0
      return isText && !field.isTime && !field.isAddress && field.longest <= 120 && !(many && field.isUnique)
    case .actor, .actorName:
      return !field.isTime && !field.isAddress && field.booleans == 0 && !(many && field.isUnique)
    case .credential, .session: return field.booleans == 0 && !field.isAddress && !(field.numbers > 0 && field.isTime)
    case .tenant, .region, .service:
      return field.booleans == 0 && !field.isTime && !field.isAddress && !(many && field.isUnique)
    case .error: return field.booleans == 0 && !field.isTime
    default: return field.booleans == 0 && !field.isTime && !field.isAddress
    }
  }

  /// Fields whose values are secrets, by form or by what they are called: their paths without array steps.
  var secrets: [FieldProfile] { profile.fields.filter(ColumnGuess.isSecret) }

  private static func isSecret(_ field: FieldProfile) -> Bool {
    if field.secrets > 0 { return true }
    guard field.numbers == 0, field.booleans == 0, field.longest >= 8 else { return false }
    return secretNames.contains(field.leaf)
      || ["password", "passwd", "passphrase"].contains { field.leaf.split(separator: " ").contains(Substring($0)) }
  }

  private static let secretNames: Set<String> = [
    "token", "access token", "refresh token", "id token", "bearer", "bearer token", "api key", "apikey", "secret",
    "client secret", "secret key", "private key", "authorization", "cookie", "set cookie", "secret access key", "pwd",
    "session token", "client token", "credentials", "signature", "secret value",
  ]
}
