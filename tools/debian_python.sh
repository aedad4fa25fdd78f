#!/usr/bin/env bash
# Runs the Python tests in a small Debian system whose own Python is version $1, for versions that this machine lacks.
# Needs Debian, root and the right to install: CI=true or PUBSUB_TEST_INSTALL=1. Exits 3 where it cannot be done.
#
# The system is a plain folder in the user's cache, made once by debootstrap from the mirror that apt already uses. The
# tests run on a copy of the tree inside it; nothing is mounted, so removing the folder removes it all.
set -euo pipefail
cd "$(dirname "$0")/.."

version=$1
declare -A suites=([3.13]=trixie [3.14]=forky)
suite=${suites[$version]:-}
system=${XDG_CACHE_HOME:-$HOME/.cache}/pubsub-devtools/debian-$suite

give_up() {
  echo "no Python $version: $1" >&2
  exit 3
}

[ -n "$suite" ] || give_up "no Debian suite is known to have it"
[ -n "${CI:-}${PUBSUB_TEST_INSTALL:-}" ] || give_up "PUBSUB_TEST_INSTALL=1 would make a Debian system that has it"
[ "$(id -u)" = 0 ] && type -P apt-get >/dev/null || give_up "making a Debian system needs Debian and root"

if [ ! -f "$system/.complete" ]; then
  type -P debootstrap >/dev/null ||
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends debootstrap >/dev/null; }
  mirror=$(apt-get indextargets --format '$(ORIGIN)|$(LABEL)|$(REPO_URI)' 'Created-By: Packages' |
    awk -F'|' '$1 == "Debian" && $2 == "Debian" {print $3; exit}')
  rm -rf --one-file-system "$system"
  mkdir -p "$system"
  # All newer suites are made like sid, which every debootstrap knows.
  debootstrap --variant=minbase --include=python3,python3-venv,ca-certificates,git \
    "$suite" "$system" "$mirror" /usr/share/debootstrap/scripts/sid >"$system.log" 2>&1 ||
    give_up "debootstrap failed, see $system.log"
  touch "$system/.complete"
fi

# The network as this machine has it.
for file in /etc/resolv.conf /etc/hosts /etc/pip.conf /etc/ssl/certs/ca-certificates.crt; do
  [ ! -e "$file" ] || cp -L "$file" "$system$file"
done

found=$(chroot "$system" python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])')
[ "$found" = "$version" ] || give_up "Debian $suite has $found"

rm -rf --one-file-system "$system/src"
mkdir "$system/src"
git ls-files -z --cached --others --exclude-standard | tar --null --ignore-failed-read -cT - 2>/dev/null | tar -x -C "$system/src"

chroot "$system" bash -euc '
  unset PIP_FIND_LINKS  # a folder of this machine, which is not there
  cd /src
  git init -q && git add -A  # some tests ask git which files there are
  [ -x /venv/bin/python ] || python3 -m venv /venv
  /venv/bin/python -m pip install --quiet --disable-pip-version-check -r requirements/dev.txt
  /venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
  /venv/bin/python -m pytest -q -n 2 -p no:cacheprovider
'
