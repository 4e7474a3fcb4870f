#!/bin/sh
# Builds both environments from their locks: .venv (the application, Python >= 3.11) and engine/.venv (Rasa, Python 3.10).
# Safe to run again; does nothing where nothing changed.
set -eu
cd "$(dirname "$0")"

fail() { echo "setup: $*" >&2; exit 1; }

# What is made at run time is nobody else's; the environments may be read by the account that runs the bot.
[ -L var ] || mkdir -p -m 700 var
[ ! -O var ] || chmod 700 var

# uv from the machine, else from PyPI into a private folder.
uv_version=0.13.9
if command -v uv >/dev/null 2>&1; then
  uv=uv
else
  uv=$PWD/var/tools/uv/bin/uv
  if [ ! -x "$uv" ]; then
    command -v python3 >/dev/null 2>&1 || fail "Python 3 was not found. Install it (Debian: apt-get install python3 python3-venv) and run this again."
    echo "setup: fetching uv $uv_version from PyPI"
    mkdir -p var/tools
    python3 -m venv var/tools/uv || fail "python3 cannot make virtual environments. Install them (Debian: apt-get install python3-venv) and run this again."
    var/tools/uv/bin/python -m pip install --quiet "uv==$uv_version" || fail "uv could not be installed from PyPI. Check the network, or install uv yourself (https://docs.astral.sh/uv/), and run this again."
  fi
fi

# Compiled once here: where Python may not write beside its modules, each start would compile all of them again (10 s).
echo "setup: application environment (.venv)"
UV_PROJECT_ENVIRONMENT="$PWD/.venv" "$uv" sync --quiet --frozen --compile-bytecode --python ">=3.11" || fail "the application environment could not be built; it needs Python 3.11 or newer and a package index. The lines above say why."

# uv asks a pyenv shim by folder, so it runs where .python-version says 3.10.
cd engine
"$uv" python find --quiet 3.10 >/dev/null 2>&1 || "$uv" python install --quiet 3.10 >/dev/null 2>&1 || \
  fail "Python 3.10 was not found, and uv could not fetch it; the engine (Rasa 3.6) needs it. Install it (pyenv install 3.10) and run this again."
echo "setup: engine environment (engine/.venv)"
UV_PROJECT_ENVIRONMENT="$PWD/.venv" "$uv" sync --quiet --frozen --compile-bytecode || fail "the engine environment could not be built. The lines above say why."
cd ..
engine/.venv/bin/python -m rotation_engine.weights || fail "the sentence encoder could not be prepared. The lines above say why."
echo "setup: done"
