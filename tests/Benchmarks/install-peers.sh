#!/bin/sh
# Installs what the benchmarks compare with: supervisord and s6 from Debian, pm2 from npm into ./.peers (not global).
# Nothing is started, nothing listens. Safe to run again.
set -eu

PM2_VERSION=6.0.13
here=$(cd "$(dirname "$0")" && pwd)

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

missing=
command -v supervisord >/dev/null 2>&1 || missing="$missing supervisor"
command -v s6-svscan >/dev/null 2>&1 || missing="$missing s6"
if [ -n "$missing" ]; then
    as_root apt-get update -q
    # RUNLEVEL=1: the package must not start a supervisord of its own beside the measured one.
    # shellcheck disable=SC2086
    as_root env RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing
fi

if ! command -v npm >/dev/null 2>&1; then
    echo "npm is missing: pm2 is left out (install nodejs and run again)" >&2
else
    installed=$(node -p "require('$here/.peers/node_modules/pm2/package.json').version" 2>/dev/null || true)
    if [ "$installed" != "$PM2_VERSION" ]; then
        mkdir -p "$here/.peers"
        npm install --prefix "$here/.peers" --no-audit --no-fund --no-save --ignore-scripts "pm2@$PM2_VERSION"
    fi
fi

echo "supervisord $(supervisord --version 2>/dev/null || echo missing)"
echo "s6          $(dpkg-query -W -f '${Version}' s6 2>/dev/null || echo missing)"
echo "pm2         $(node -p "require('$here/.peers/node_modules/pm2/package.json').version" 2>/dev/null || echo missing)"
