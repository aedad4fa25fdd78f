#!/usr/bin/env bash
# Runs the Python tests on each version that is asked for and found, each in a venv of its own, and says which it did
# not find. A version that is not here may be run in a small Debian system: see debian_python.sh.
# Usage: tools/pythons.sh 3.12 3.13
set -uo pipefail
cd "$(dirname "$0")/.."

# Prints a working interpreter of version $1: PYTHON_3_12-like variables first, then PATH, then pyenv.
interpreter() {
  local version=$1 named="PYTHON_${1//./_}" candidate
  for candidate in "${!named:-}" "$(type -P "python$version")" "${PYENV_ROOT:-$HOME/.pyenv}/versions/$version".*/bin/python; do
    [ -x "$candidate" ] || continue
    # A pyenv shim exists on PATH even where its version is not chosen: only what really runs counts.
    [ "$("$candidate" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)" = "$version" ] || continue
    echo "$candidate"
    return
  done
  return 1
}

passed=() failed=() missing=()
for version in "$@"; do
  if ! python=$(interpreter "$version"); then
    tools/debian_python.sh "$version"
    case $? in
      0) passed+=("$version") ;;
      3) missing+=("$version") ;;
      *) failed+=("$version") ;;
    esac
    continue
  fi
  venv=".venv-$version"
  echo "== Python $version: $("$python" --version)"
  if [ ! -f "$venv/.ready" ] || [ requirements/dev.txt -nt "$venv/.ready" ] || [ pyproject.toml -nt "$venv/.ready" ]; then
    "$python" -m venv "$venv" &&
      "$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r requirements/dev.txt &&
      "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps -e . &&
      touch "$venv/.ready"
  fi
  if [ -f "$venv/.ready" ] && "$venv/bin/python" -m pytest -q -n 2 -p no:cacheprovider; then
    passed+=("$version")
  else
    failed+=("$version")
  fi
done

echo
echo "passed:    ${passed[*]:-none}"
echo "failed:    ${failed[*]:-none}"
echo "not found: ${missing[*]:-none}"
[ ${#failed[@]} -eq 0 ]
