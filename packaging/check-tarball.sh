#!/usr/bin/env bash
# Packs the project as it would be published, and uses it as a stranger would: in an empty folder, with an old Node too.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
say() { printf 'tarball: %s\n' "$*"; }
fail() { say "$*"; exit 1; }
export PATH=$root/node_modules/.bin:$PATH

mkdir "$work/pack"
(cd "$root" && npm pack --pack-destination "$work/pack") >"$work/pack.log" 2>&1 || fail "npm pack failed: $(cat "$work/pack.log")"
tarball=$(ls "$work"/pack/*.tgz)
say "$(basename "$tarball"), $(tar -tzf "$tarball" | wc -l) files"
! tar -tzf "$tarball" | grep -E '/(test|demo)/|tsbuildinfo' || fail 'it holds what users have no use for'
tar -tzf "$tarball" | grep '^package/dist/web/index.html$' >/dev/null || fail 'it lacks the page'
cp "$tarball" "$work/publint.tgz" && publint "$work/publint.tgz" --strict
cp "$tarball" "$work/attw.tgz" && attw --profile esm-only "$work/attw.tgz"

mkdir "$work/empty" && cd "$work/empty"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund "$tarball"
[ "$(npx --no-install trove-autobackup --version)" = "$(node -p "require('$root/package.json').version")" ] || fail 'the command does not tell its version'
for part in '' /core /openstack /openstack/node /notifications /simulator; do
  node --input-type=module -e "
    const part = await import('trove-autobackup$part');
    if (Object.keys(part).length === 0) process.exit(1);" || fail "trove-autobackup$part cannot be imported"
done

# The page is served from the package; no Keystone is needed for that.
cat >config.yaml <<EOF
keystone: { auth_url: 'http://127.0.0.1:9/v3', username: x, password: x, project_name: x }
bus: null
store: { path: $work/store/autobackup.sqlite, key_file: $work/store/marker.key }
http: { listen: '127.0.0.1:18780', ops_listen: '127.0.0.1:0' }
policies: [{ name: daily, every: day }]
EOF
npx --no-install trove-autobackup serve --config config.yaml >serve.log 2>&1 &
serving=$!
for _ in $(seq 100); do curl -fs -o page.html http://127.0.0.1:18780/ && break; sleep 0.2; done
kill "$serving" && wait "$serving" || true
grep -q '<script type="module"' page.html || fail "the page is not served: $(tail -5 serve.log)"

# An old Node must get one sentence and exit code 78, not a crash of a native module.
mkdir "$work/old" && cd "$work/old"
echo '{ "private": true, "allowScripts": { "node": true } }' >package.json
npm install --silent --no-audit --no-fund node@18.20.8
old=$work/old/node_modules/node/bin/node
code=0; said=$("$old" "$work/empty/node_modules/trove-autobackup/dist/daemon/main.js" serve --config none 2>&1) || code=$?
[ "$code" = 78 ] || fail "Node $("$old" --version) gets exit code $code: $said"
[ "$(printf '%s\n' "$said" | wc -l)" = 1 ] || fail "Node $("$old" --version) gets more than one sentence: $said"
say "Node $("$old" --version) is told: $said"
say 'all is well'
