#!/bin/sh
# Runs tests with the clock of every process set: over midnight, just after it, on the last day of a leap February.
# Usage: tests/clock/run.sh [-m MOMENT] [pytest's arguments]; without arguments everything but the browser's tests.
# A moment is what `date -d` reads in UTC, as in "2028-02-29 12:00".
set -eu
cd "$(dirname "$0")/../.."

library=$(find /usr/lib -name libfaketime.so.1 2>/dev/null | head -n 1)
[ -n "$library" ] || { echo "clock: libfaketime is missing. Install it (Debian: apt-get install faketime)." >&2; exit 1; }

today=$(date -u +%F)
moments="$today 23:59|$(date -u -d "$today + 1 day" +%F) 00:01|2028-02-29 12:00"
if [ "${1:-}" = "-m" ]; then
  moments=$2
  shift 2
fi
[ $# -gt 0 ] || set -- -n 4 --dist loadfile --no-loadscope-reorder tests/unit tests/integration tests/telegram

# The offset is relative, so the clock goes on and is the same in every process that a test starts. What measures how
# long something takes, and the times of files, which say whether compiled modules are up to date, stay real.
failed=0
IFS='|'
for moment in $moments; do
  offset=$(($(date -u -d "$moment" +%s) - $(date -u +%s)))
  echo "clock: starting at $moment UTC"
  TZ=UTC PYTHONPATH=$PWD/tests/clock LD_PRELOAD=$library FAKETIME="$(printf "%+ds" "$offset")" \
    FAKETIME_DONT_FAKE_MONOTONIC=1 NO_FAKE_STAT=1 \
    .venv/bin/pytest -q "$@" || failed=1
done
exit $failed
