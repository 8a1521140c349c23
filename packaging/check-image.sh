#!/usr/bin/env bash
# Carries out the build stage of the Dockerfile in a folder, where there is no container engine: copies what it copies, runs
# what it runs, and starts what the image would start.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
say() { printf 'image: %s\n' "$*"; }
export PATH=$root/node_modules/.bin:$PATH
mkdir -p "$work/build" "$work/tmp" "$work/opt"
here() { sed "s#/tmp#$work/tmp#g; s#/opt#$work/opt#g" <<<"$1"; }

cd "$work/build"
while read -r word rest; do
  case $word in
    COPY)
      read -ra words <<<"$rest"
      to=${words[-1]}
      for from in "${words[@]:0:${#words[@]}-1}"; do cp -r "$root/$from" "$to"; done
      rm -rf ./*/tsconfig.tsbuildinfo
      ;;
    RUN)
      say "$rest"
      bash -ec "$(here "$rest")" >"$work/log" 2>&1 || { say "failed: $(tail -n 20 "$work/log")"; exit 1; }
      ;;
  esac
done < <(sed -n '/^FROM .* AS build/,/^FROM [^ ]*$/p' "$root/packaging/oci/Dockerfile")

main=$(here "$(sed -n 's/^ENTRYPOINT \["node", "\(.*\)"\]$/\1/p' "$root/packaging/oci/Dockerfile")")
said=$(node "$main" --version)
[ "$said" = "$(node -p "require('$root/package.json').version")" ] || { say "it says $said of itself"; exit 1; }
[ ! -e "$work/opt/trove-autobackup/node_modules/typescript" ] || { say 'the compiler is in it'; exit 1; }
say "$(du -sm "$work/opt" | cut -f1) MiB, and it starts"
