#!/usr/bin/env bash
# Runs under the systemd that boot.sh became: what an operator and a machine do to the unit.
set -uo pipefail
work=$1
unit=trove-autobackup.service
trap 'systemctl --force --force exit' EXIT
fail() { echo "FAILED: $*"; systemctl status --no-pager $unit; tail -5 "$work/daemon.log"; exit 1; }
show() { systemctl show --value -p "$1" $unit; }
until_is() { # PROPERTY VALUE
  for _ in $(seq 150); do
    [ "$(show "$1")" = "$2" ] && return
    sleep 0.1
  done
  fail "$1 is $(show "$1"), not $2"
}
until_said() { # EVENT COUNT
  for _ in $(seq 100); do
    [ "$(grep -c "\"event\":\"$1\"" "$work/daemon.log")" -ge "$2" ] && return
    sleep 0.1
  done
  fail "it did not say $1 $2 times"
}

systemctl start $unit || fail 'it does not start'
until_is ActiveState active
echo 'started: systemd heard that it is ready'
[ "$(stat -c %U:%a /var/lib/trove-autobackup/autobackup.sqlite)" = trove-autobackup:600 ] || fail 'others may read the store'
grep -q config.exposed "$work/daemon.log" && fail 'a file with a secret is exposed'

sed -i 's/every: day/every: week/' /etc/trove-autobackup/config.yaml
systemctl reload $unit || fail 'it does not reload'
until_said config.reloaded 1
until_is ActiveState active
echo 'reloaded: the new policy is in use'

sleep 6
[ "$(show NRestarts)" = 0 ] || fail 'the watchdog did not hear it'
kill -STOP "$(show MainPID)"
until_is NRestarts 1
until_is ActiveState active
echo 'hung: the watchdog ended it, and it came back'

kill -KILL "$(show MainPID)"
until_is NRestarts 2
until_is ActiveState active
echo 'killed: it came back'

systemctl stop $unit
[ "$(show ActiveState) $(show Result) $(show ExecMainStatus)" = 'inactive success 0' ] || fail 'it does not stop in order'
echo 'stopped: with 0'

sed -i 's/every: week/evry: week/' /etc/trove-autobackup/config.yaml
systemctl start $unit 2>/dev/null && fail 'it starts with a faulty configuration'
sleep 1
[ "$(show ActiveState) $(show ExecMainStatus) $(show NRestarts)" = 'failed 78 0' ] || fail 'a faulty configuration makes it start again and again'
echo 'refused: a faulty configuration is not tried again'
touch "$work/passed"
