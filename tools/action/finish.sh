#!/usr/bin/env bash
# The last step of action.yml: ends the server, writes what was covered into the job's summary, and says what is kept.
set -euo pipefail

kept="$RUNNER_TEMP/persona-mock"
if [ ! -e "$kept/pid" ]; then
  echo "::warning title=persona-mock::there is no server to end: no earlier step of this job has started one"
  exit 0
fi
server="$(cat "$kept/pid")"
# In a container there may be nobody who takes note of its end: then it stays as a zombie.
running() { kill -0 "$server" 2>/dev/null && ! grep -qs '^State:[[:space:]]*Z' "/proc/$server/status"; }
rm "$kept/pid"
kill -TERM "$server" 2>/dev/null || true
for ((waited = 0; waited < 200; waited += 1)); do
  running || break
  sleep 0.1
done
if running && kill -KILL "$server" 2>/dev/null; then echo "::warning title=persona-mock::the server did not stop within 20 s"; fi

# The packages are no evidence.
rm -rf "$kept/npm"
if [ -s "$kept/coverage.md" ]; then cat "$kept/coverage.md" >>"$GITHUB_STEP_SUMMARY"; fi
echo "kept=$kept" >>"$GITHUB_OUTPUT"
