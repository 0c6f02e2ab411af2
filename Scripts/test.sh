#!/bin/sh
# Sets up, checks, builds, and runs every test and every fixture. What CI runs.
set -eu
cd "$(dirname "$0")/.."
. Scripts/setup.sh

start=$(date +%s)
say() { printf '\n== %s (%s s)\n' "$*" "$(($(date +%s) - start))" >&2; }

say 'Checks: format, imports, sizes, fixtures'
Scripts/check.sh

say 'Build'
swift build --build-tests

say 'Tests'
# One at a time: tests that kill, time out and watch real processes want the machine to themselves.
swift test --skip-build --no-parallel

say 'Content: every fixture of every source and detection'
.build/debug/bittern check

say 'All passed'
