#!/usr/bin/env bash
# In namespaces of its own: lays a layer over the file system, puts the unit and the daemon where they are installed, and
# becomes systemd, which starts check.sh. Called by check-systemd.sh.
set -euo pipefail
root=$1 work=$2
mount --make-rprivate /
mount --make-rshared / # among these namespaces alone: systemd mounts credentials so that they come back to it
mount -t tmpfs tmpfs /run
mkdir -p /run/units/trove-autobackup.service.d
for dir in etc var opt usr/bin; do
  mkdir -p "/run/layers/$dir/upper" "/run/layers/$dir/work"
  mount -t overlay overlay -o "lowerdir=/$dir,upperdir=/run/layers/$dir/upper,workdir=/run/layers/$dir/work" "/$dir"
done

mkdir /opt/trove-autobackup
mount --bind "$root" /opt/trove-autobackup
cat >/usr/bin/trove-autobackup <<'PROGRAM'
#!/bin/sh
exec /opt/trove-autobackup/node_modules/node/bin/node --no-warnings /opt/trove-autobackup/daemon/main.ts "$@"
PROGRAM
chmod 755 /usr/bin/trove-autobackup
systemd-sysusers "$root/packaging/systemd/trove-autobackup.sysusers.conf"
mkdir -p /etc/trove-autobackup
cat >/etc/trove-autobackup/config.yaml <<'CONFIG'
keystone: { auth_url: "http://127.0.0.1:5000/v3", username: autobackup, password_file: "${CREDENTIALS_DIRECTORY}/keystone", project_name: service }
bus: null
http: { ops_listen: "127.0.0.1:0" }
policies: [{ name: daily, every: day }]
CONFIG
echo secret >/etc/trove-autobackup/keystone
chmod 600 /etc/trove-autobackup/keystone
chgrp trove-autobackup /etc/trove-autobackup/config.yaml
chmod 640 /etc/trove-autobackup/config.yaml

cp "$root/packaging/systemd/trove-autobackup.service" /run/units/
cat >/run/units/trove-autobackup.service.d/check.conf <<DROPIN
[Service]
LoadCredential=keystone:/etc/trove-autobackup/keystone
RestartSec=200ms
WatchdogSec=4s
StandardOutput=append:$work/daemon.log
StandardError=append:$work/daemon.log
DROPIN
for target in sysinit basic shutdown network-online; do
  printf '[Unit]\nDescription=%s\nDefaultDependencies=no\n' $target >/run/units/$target.target
done
printf '[Unit]\nDescription=check\nDefaultDependencies=no\nWants=check.service\n' >/run/units/default.target
cat >/run/units/check.service <<CHECK
[Unit]
Description=The check of the unit
DefaultDependencies=no
[Service]
Type=oneshot
ExecStart=$root/packaging/systemd/check.sh $work
StandardOutput=append:$work/check.log
StandardError=append:$work/check.log
CHECK
export SYSTEMD_UNIT_PATH=/run/units container=lxc
exec /lib/systemd/systemd --system --log-target=console --show-status=no
