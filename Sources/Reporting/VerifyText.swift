/// VERIFY.txt of a bundle: how to check it with public tools only.
enum VerifyText {
  static let text = """
    How to check this bundle without the program that wrote it
    ===========================================================
    Run these in the directory that holds bagit.txt. The signer's public key (TRUSTED.pem) must come to you by another
    way; keys/signer.pem is a copy for convenience and proves nothing.

    1 Authenticity, if the bundle is signed:
        openssl pkeyutl -verify -pubin -inkey TRUSTED.pem -rawin \\
          -in tagmanifest-sha256.txt -sigfile tagmanifest-sha256.txt.sig
    2 Tag files:
        sha256sum --strict -c tagmanifest-sha256.txt
    3 Payload:
        sha256sum --strict -c manifest-sha256.txt
    4 Completeness; both commands print nothing:
        find data -type f | LC_ALL=C sort | comm -3 - <(cut -c67- manifest-sha256.txt | LC_ALL=C sort)
        find . ! -type f ! -type d
    5 One record (values from a line of data/provenance.jsonl); prints its raw_sha256:
        tail -c +$((RAW_OFFSET+1)) RAW_FILE | head -c RAW_LENGTH | sha256sum
      sha256 is the hash of the record as its source had it, before secrets were replaced: who holds the source can
      compute it from path, offset and length (in the decompressed stream).
    6 Custody: each line's "prev" is the SHA-256 of the line before it with its line end; the last line's is
      custody_head in data/case.json:
        while IFS= read -r l; do printf '%s\\n' "$l" | sha256sum; done < data/custody.jsonl
        jq -r .prev data/custody.jsonl
    7 Database:
        sqlite3 -readonly -safe data/evidence.sqlite 'pragma integrity_check; select count(*) from evidence'

    data/findings.jsonl         what was found, why, and on which records (findings.ocsf.jsonl: the same for a SIEM)
    data/incidents.jsonl        the findings by incident, with the story of each
    data/timeline.jsonl, .csv   the records in order of time
    data/events.jsonl           the records as they were read; data/raw/ their lines, secrets replaced
    data/loss.json              what was read and what was not: a missing record is not an absent act
    raw_form "escaped": line ends became spaces, controls and non-ASCII became \\uXXXX; "exact": byte for byte.

    """
}
