#!/bin/sh
# Builds Bittern and shows it at work: a scan of the quickstart, the same scan again, a bundle, its verification.
set -eu
cd "$(dirname "$0")/.."
. Scripts/setup.sh

say() { printf '\n== %s\n' "$*" >&2; }

say 'Building (release; the first time takes some minutes)'
swift build -c release --product bittern
bittern=.build/release/bittern

work=$(mktemp -d "${TMPDIR:-/tmp}/bittern-run.XXXXXX")
store=$work/bittern.sqlite

say 'bittern scan samples/quickstart --config samples/quickstart/bittern.yml'
"$bittern" scan samples/quickstart --config samples/quickstart/bittern.yml --store "$store" --format table

say 'The same again: nothing new'
"$bittern" scan samples/quickstart --config samples/quickstart/bittern.yml --store "$store" --format table

say 'bittern export, then bittern verify'
"$bittern" keys new -o "$work/signer"
"$bittern" export --store "$store" --sign "$work/signer" -o "$work/bundle" > /dev/null
"$bittern" verify "$work/bundle" --key "$work/signer.pub"

cat >&2 <<END

Store:   $store
Bundle:  $work/bundle
Look at: $bittern findings --store $store
         $bittern lineage support-bot --store $store
         sqlite3 -readonly $store 'SELECT severity, detection, title FROM finding'
END
