#!/bin/sh
# pack.sh ROOT OUTPUT: writes every file below ROOT as one Swift dictionary literal of base64 text.
set -eu
root=$1; out=$2
{
  echo "/// Made by the build from pipelines/; path below pipelines/ and base64 of the bytes."
  echo "let packedPipelines: [(path: String, base64: String)] = ["
  cd "$root"
  find . -type f ! -name '*.swp' | LC_ALL=C sort | while IFS= read -r file; do
    printf '  ("%s", "%s"),\n' "${file#./}" "$(base64 -w0 "$file")"
  done
  echo "]"
} > "$out"
