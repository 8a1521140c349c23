#!/usr/bin/env bash
# Holds the unit: systemd-analyze has nothing to say of it and finds little exposed, and, where this machine lets us boot a
# systemd of our own in namespaces, that systemd runs, reloads, watches, restarts and stops the real daemon by it.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
say() { printf 'systemd: %s\n' "$*"; }
fail() { say "$*"; exit 1; }
# Tenths of what "systemd-analyze security" counts; above it the unit lost a part of its armour.
exposure=15

node "$root/test/setup.mjs" systemd
say "$(systemd-analyze --version | head -1)"

unit=$root/packaging/systemd/trove-autobackup.service
# It looks for the program, which is not installed here.
sed 's#^ExecStart=[^ ]*#ExecStart=/bin/true#' "$unit" >"$work/trove-autobackup.service"
told=$(SYSTEMD_UNIT_PATH=$work:/lib/systemd/system systemd-analyze verify "$work/trove-autobackup.service" 2>&1 | grep -F trove-autobackup || true)
[ -z "$told" ] || fail "verify: $told"
systemd-analyze security --offline=true --threshold=$exposure "$work/trove-autobackup.service" >"$work/security" 2>&1 ||
  fail "too much is exposed: $(tail -2 "$work/security")"
say "$(tail -1 "$work/security" | sed 's/^[^A-Za-z]*//')"

why_not() { # a systemd of our own must not meet another in the control groups
  [ "$(id -u)" = 0 ] || { echo 'it wants root'; return; }
  [ ! -d /run/systemd/system ] || { echo 'this machine was booted by systemd, which must not be disturbed'; return; }
  [ -w /sys/fs/cgroup/systemd/cgroup.procs ] || { echo 'there is no control group for it'; return; }
  unshare --pid --fork --mount --mount-proc true 2>/dev/null || echo 'there are no namespaces'
}
if why=$(why_not) && [ -n "$why" ]; then
  say "the unit was not run: $why"
  exit 0
fi
status=0
timeout 120 unshare --pid --fork --mount --uts --ipc --mount-proc "$root/packaging/systemd/boot.sh" "$root" "$work" \
  >"$work/boot.log" 2>&1 || status=$?
for group in system.slice/trove-autobackup.service system.slice/check.service system.slice init.scope; do
  rmdir "/sys/fs/cgroup/systemd/$group" 2>/dev/null || true
done
[ -s "$work/check.log" ] && sed 's/^/systemd: /' "$work/check.log"
[ -f "$work/passed" ] || fail "the unit does not work under systemd (status $status): $(tail -n 20 "$work/boot.log")"
say 'all is well'
