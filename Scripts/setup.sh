#!/bin/sh
# Installs what the build needs from the system: the headers of SQLite and zlib. Quiet where they are there.
# Other scripts source it (". Scripts/setup.sh"), which sets nothing but the functions below.
set -eu

setup_fail() {
  printf 'setup: %s\n' "$1" >&2
  exit 1
}

# Runs a command as root: directly, or through sudo where it asks for no password.
setup_as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo > /dev/null 2>&1 && sudo -n true 2> /dev/null; then
    sudo "$@"
  elif command -v sudo > /dev/null 2>&1 && [ -t 0 ]; then
    sudo "$@"
  else
    return 126
  fi
}

setup_system() {
  setup_missing=
  [ -e /usr/include/sqlite3.h ] || setup_missing="$setup_missing libsqlite3-dev"
  [ -e /usr/include/zlib.h ] || setup_missing="$setup_missing zlib1g-dev"
  [ -n "$setup_missing" ] || return 0
  command -v apt-get > /dev/null 2>&1 ||
    setup_fail "missing:$setup_missing. There is no apt-get here: install the headers of SQLite 3 and zlib by hand."
  printf 'setup: installing%s\n' "$setup_missing" >&2
  setup_status=0
  # shellcheck disable=SC2086
  setup_as_root sh -c 'apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$@" > /dev/null' \
    setup $setup_missing || setup_status=$?
  case $setup_status in
    0) ;;
    126) setup_fail "neither root nor sudo works here. Ask an administrator for: apt-get install$setup_missing" ;;
    *) setup_fail "apt-get failed. Install by hand, then run this again: apt-get install$setup_missing" ;;
  esac
}

setup_swift() {
  command -v swift > /dev/null 2>&1 ||
    setup_fail "there is no swift in PATH. Install Swift 6.3 from https://www.swift.org/install and run this again."
}

setup_swift
setup_system
