#!/bin/sh
# What can be told without building: format, imports, marks of unfinished work, sizes, fixtures. Names every fault, then fails.
set -eu
cd "$(dirname "$0")/.."

work=$(mktemp -d "${TMPDIR:-/tmp}/bittern-check.XXXXXX")
trap 'rm -rf "$work"' EXIT
faults=$work/faults
: > "$faults"
fault() { printf '%s\n' "$*" >> "$faults"; }

# Format.
if swift format --version > /dev/null 2>&1; then
  swift format lint --strict --recursive Sources Tests Benchmarks Plugins Package.swift 2>> "$faults" || true
else
  echo 'check: swift format is not here; the format is not checked' >&2
fi

# Imports. The compiler accepts a module that a dependency of a dependency brings along; here each target's imports are
# held against the dependencies that it declares itself.
swift package dump-package > "$work/package.json"
# One line "TARGET DEPENDENCY" for each declared dependency, and "TARGET ." for each target. The dump is printed with
# sorted keys: in each element of "targets" the dependencies come before the name.
awk '
  /^  "targets" : \[/ { inside = 1; next }
  inside && /^  \]/ { inside = 0 }
  !inside { next }
  /"(byName|product|target)" : \[/ { getline; gsub(/[ ",]/, ""); dependencies[++count] = $0; next }
  /^      "name" : / {
    gsub(/[ ",]/, ""); sub(/^name:/, "")
    print $0, "."
    for (i = 1; i <= count; i++) print $0, dependencies[i]
    count = 0
  }
' "$work/package.json" > "$work/arrows"
[ "$(grep -c ' \.$' "$work/arrows")" -ge 10 ] || fault 'Package.swift: check.sh cannot read its targets any more'
cut -d ' ' -f 1 "$work/arrows" > "$work/names"
awk '$2 != "." { print $2 }' "$work/arrows" >> "$work/names"
sort -u "$work/names" > "$work/modules"

imports() { # FOLDER: "MODULE FILE:LINE" for each import below it
  grep -rnE --include='*.swift' '^ *(@[A-Za-z_()]+ +)*((public|package|internal|private|fileprivate) +)?import ' "$1" |
    sed -E 's/^([^:]+:[0-9]+):.*import +((struct|class|enum|protocol|func|var|let|typealias) +)?([A-Za-z_0-9]+).*$/\4 \1/'
}

for target in $(awk '$2 == "." { print $1 }' "$work/arrows"); do
  case $target in
    *Tests | TestSupport) folder=Tests/$target ;;
    PackPipelines) continue ;;
    *) folder=Sources/$target ;;
  esac
  [ -d "$folder" ] || { fault "Package.swift: target $target has no folder $folder"; continue; }
  imports "$folder" > "$work/imports" || true
  while read -r module place; do
    grep -qxF "$module" "$work/modules" || continue
    grep -qxF "$target $module" "$work/arrows" ||
      fault "$place: $target imports $module but does not declare it in Package.swift"
  done < "$work/imports"
done

# A folder that no target of Package.swift has is code that nobody builds or runs.
for folder in Sources/* Tests/*; do
  grep -qxF "$(basename "$folder") ." "$work/arrows" || fault "$folder: no target of Package.swift builds this folder"
done

# No Foundation on the hot path: from the vocabulary to the detectors.
for target in EventModel JSONScanning LogReading Normalization EventWindow Lineage Detection; do
  imports "Sources/$target" | awk '$1 == "Foundation" { print $2 ": Foundation is not imported from EventModel to Detection" }' \
    >> "$faults"
done

# Unfinished work is an issue, not a mark in the code.
grep -rnE --include='*.swift' --include='*.sh' --include='*.yml' --include='*.h' '\b(TO''DO|FIX''ME|XX''X)\b' \
  Sources Tests Benchmarks Plugins Scripts pipelines samples .ci >> "$faults" || true

# Files stay small enough to hold in the head.
find Sources -name '*.swift' -exec wc -l {} + | awk '$2 != "total" && $1 > 400 { print $2 ": " $1 " lines, over 400" }' >> "$faults"

# Content that nothing proves is refused: the loader says the same; this says it before a build.
for folder in pipelines/sources/*/; do
  [ -n "$(ls "$folder"fixtures/*.rows.ndjson 2> /dev/null)" ] || fault "$folder: no fixtures (fixtures/*.rows.ndjson)"
  [ -e "$folder"README.md ] || fault "$folder: no README.md"
done
for folder in pipelines/detections/*/; do
  fires=$(ls "$folder"fixtures/fires-*.yml 2> /dev/null | wc -l)
  silent=$(ls "$folder"fixtures/silent-*.yml 2> /dev/null | wc -l)
  if [ "$fires" -lt 1 ] || [ "$silent" -lt 3 ]; then
    fault "$folder: $fires fixtures that fire and $silent look-alikes; it needs 1 and 3"
  fi
done

if [ -s "$faults" ]; then
  cat "$faults" >&2
  printf 'check: %s faults\n' "$(wc -l < "$faults")" >&2
  exit 1
fi
echo 'check: no faults' >&2
