#!/bin/sh
# Times bittern, or any command, against gzip -dc on the same corpus, in alternation. See README.md.
set -eu

usage() {
  cat >&2 <<'END'
usage: Benchmarks/run.sh [-n ROUNDS] [-e EVENTS] [-k FILES] [-r REFERENCE] [-p] [COMMAND]
  -n ROUNDS     timed rounds (7)
  -e EVENTS     size of the corpus (660000)
  -k FILES      delivery files (100)
  -r REFERENCE  what to compare with (gzip -dc {}/*.json.gz > /dev/null)
  -p            plain NDJSON corpus instead of gzip; the default reference is then cat
  COMMAND       what to time, in words of sh (bittern scan {} --store {store} --quiet)
In both commands {} is the corpus directory and {store} a file that is removed before every run.
END
  exit 2
}

rounds=7 events=660000 files=100 reference='' plain=''
while getopts n:e:k:r:p option; do
  case $option in
    n) rounds=$OPTARG ;;
    e) events=$OPTARG ;;
    k) files=$OPTARG ;;
    r) reference=$OPTARG ;;
    p) plain=--plain ;;
    *) usage ;;
  esac
done
shift $((OPTIND - 1))
[ $# -le 1 ] || usage

here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
corpus=${TMPDIR:-/tmp}/bittern-corpus-$events-$files$plain
work=$(mktemp -d "${TMPDIR:-/tmp}/bittern-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT INT TERM

swift build -c release --package-path "$here" >&2
bin=$(swift build -c release --package-path "$here" --show-bin-path)
if [ $# -eq 0 ]; then
  swift build -c release --package-path "$root" --product bittern >&2
  set -- "'$(swift build -c release --package-path "$root" --show-bin-path)/bittern' scan {} --store {store} --quiet > /dev/null"
fi

# Made once: truth.json is written last, so its presence says that the corpus is whole.
if [ ! -f "$corpus/truth.json" ]; then
  rm -rf "$corpus"
  "$bin/make-cloudtrail" "$corpus" --events "$events" --files "$files" --workers 2 $plain >&2
fi

if [ -z "$reference" ]; then
  reference='gzip -dc {}/*.json.gz > /dev/null'
  [ -z "$plain" ] || reference='cat {}/*.ndjson > /dev/null'
fi
fill() { printf '%s' "$1" | sed -e "s|{store}|$work/store.sqlite|g" -e "s|{}|$corpus|g"; }

"$bin/paired-runs" --rounds "$rounds" --before "rm -rf '$work'/store.sqlite*" --labels command,reference \
  "$(fill "$1")" "$(fill "$reference")"
