import Glibc
import LogReading
import Testing

@Suite struct InputListingTests {
  let directory = TemporaryDirectory()

  private func names(_ listing: InputListing) -> [String] {
    listing.files.compactMap { $0.path.relative(to: directory.path)?.description }
  }

  @Test func directoriesAreWalkedInOrderOfBytes() {
    directory.makeDirectory("b")
    for name in ["b/2.log", "b/1.log", "a.log", "c.log"] { directory.write("x\n", to: name) }
    #expect(names(InputListing([directory.path])) == ["a.log", "b/1.log", "b/2.log", "c.log"])
    #expect(
      names(InputListing([directory.file("c.log"), directory.path])) == ["c.log", "a.log", "b/1.log", "b/2.log"])
  }

  @Test func specialFilesAreNamedNotOpened() {
    directory.makePipe("pipe.log")
    directory.symbolicLink("/etc/passwd", "link.log")
    directory.write("x\n", to: "a.log")
    directory.hardLink("a.log", "b.log")
    let listing = InputListing([directory.path])
    #expect(names(listing) == ["a.log"])
    #expect(
      Set(listing.skipped.map(\.reason)) == [
        .failed(.notRegularFile), .failed(.symbolicLink), .hardLink(of: directory.file("a.log")),
      ])
    #expect(readAll(directory.file("pipe.log")).failure == .notRegularFile)
    #expect(readAll(directory.file("link.log")).failure == .symbolicLink)
    #expect(readAll(directory.path).failure == .isDirectory)
  }

  @Test func nothingBelowARootIsReachedThroughLinks() {
    directory.makeDirectory("root")
    directory.makeDirectory("outside")
    directory.write("secret\n", to: "outside/s")
    directory.symbolicLink("../outside", "root/in")
    let root = directory.file("root")
    for path in [root.appending([UInt8]("in/s".utf8)), root.appending([UInt8]("../outside/s".utf8))] {
      guard case .failure(let failure) = ByteStream.open(path, beneath: root) else {
        Issue.record("opened \(path)")
        continue
      }
      #expect(failure == .symbolicLink)
    }
  }

  @Test func weirdNames() {
    for name: [UInt8] in [
      [0x61, 0x0A, 0x62], [0xFF, 0xFE], [UInt8]("-rf".utf8), [UInt8]("%00".utf8), [UInt8](repeating: 0x7A, count: 255),
    ] {
      directory.write([UInt8]("{}\n".utf8), to: directory.path.appending(name))
    }
    let listing = InputListing([directory.path])
    #expect(listing.files.count == 5 && listing.skipped.isEmpty)
    #expect(names(listing).contains("a%0Ab") && names(listing).contains("%FF%FE") && names(listing).contains("%2500"))
    for file in listing.files { #expect(readAll(file.path).bytes.count == 3) }
  }

  @Test func missingUnreadableAndEmpty() {
    directory.makeDirectory("empty")
    let listing = InputListing(["-", directory.file("empty"), directory.file("none"), directory.file("*.nothing")])
    #expect(listing.readsStandardInput)
    #expect(listing.skipped.map(\.reason) == [.empty, .failed(.notFound), .empty])
  }

  @Test func patterns() {
    directory.makeDirectory("x")
    directory.makeDirectory("x/y")
    for name in ["a.log", "b.txt", "x/c.log", "x/y/d.log", "e[1].log"] { directory.write("x\n", to: name) }
    #expect(
      names(InputListing([directory.file("*.log")])) == ["a.log", "e%5B1%5D.log"]
        || names(InputListing([directory.file("*.log")])) == ["a.log", "e[1].log"])
    #expect(names(InputListing([directory.file("**/*.log")])).count == 4)
    #expect(names(InputListing([directory.file("x/**")])) == ["x/c.log", "x/y/d.log"])
    #expect(names(InputListing([directory.file("[ab].*")])) == ["a.log", "b.txt"])
    #expect(names(InputListing([directory.file("?.txt")])) == ["b.txt"])
    #expect(names(InputListing([directory.file("e[1].log")])).count == 1)
    #expect(!Glob("a*b*c*d").matches(LogPath(String(repeating: "a", count: 2000))))
  }
}
