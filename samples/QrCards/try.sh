#!/usr/bin/env bash
# What two instances share, step by step, with a check behind each step: try.sh
# Builds the sample, starts two instances on two ports, and stops them. Nothing needs to be installed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
here=$(mktemp -d) a=http://127.0.0.1:5081 b=http://127.0.0.1:5082
dotnet build samples/QrCards -c Release -v q -clp:NoSummary

start() { # port
    dotnet samples/QrCards/bin/Release/net10.0/QrCards.dll --urls "http://127.0.0.1:$1" --Disk "$here/cache.db" >"$here/$1.log" 2>&1 &
    until curl -sf "http://127.0.0.1:$1/stats" >/dev/null; do
        kill -0 $! || { cat "$here/$1.log"; exit 1; }
        sleep 0.2
    done
}
first='' second=''
trap 'kill $first $second 2>/dev/null || true; rm -rf "$here"' EXIT

# Whatever is asked once more until it is so: another process may need a moment.
eventually() { # what it shows, command
    local what=$1; shift
    for _ in $(seq 50); do
        if "$@"; then echo "ok: $what"; return; fi
        sleep 0.2
    done
    echo "NOT SO: $what"; tail -n 20 "$here"/*.log; curl -s "$a/stats" "$b/stats"; exit 1
}
# Another template each time, until the connection stands.
stores() { curl -sf "$1/templates/T-$((RANDOM % 2000 + 10))" >/dev/null || true; curl -sf "$1/stats" | grep -E '^tier redis' | grep -qE 'Stores = [1-9]'; }
report() { curl -sf "$1/reports?from=2026-01-01&to=2026-12-31&country=DE" >/dev/null; }
reported() { report "$1" && curl -sf "$1/stats" | grep -F ScansAsync | grep -qF ", 0 loads,"; }
knows() { curl -sf "$1/sessions/s1" | grep -qF "$2"; }
reads() { curl -sf "$1/templates/$2" | grep -qF "$3"; }

start 5081; first=$!
curl -sf "$a/templates/T-0001" >/dev/null
eventually "the first instance keeps a template in Redis" stores "$a"
curl -sf -X POST "$a/sessions/s1?user=ann" >/dev/null
report "$a"
start 5082; second=$!

eventually "the second instance has its Redis" stores "$b"
curl -sf "$a/templates/T-0002" >/dev/null
eventually "a report that one instance has made is read by the other from disk" reported "$b"
eventually "a session that was saved at one is known to the other" knows "$b" ann
curl -sf -X POST "$b/sessions/s1/cards/T-0001" >/dev/null
eventually "and what the other saves, is known to the first" knows "$a" T-0001
curl -sf "$b/templates/T-0002" >/dev/null
curl -sf -X PUT --data-binary 'changed' "$a/templates/T-0002"
eventually "a template that was changed at one is seen by the other" reads "$b" T-0002 changed

kill "$first" "$second"; wait "$first" "$second" || true
start 5081; first=$!
eventually "after a restart the report is still there" reported "$a"
curl -sf "$a/cards/T-0003.svg" | grep -qF '<svg' && echo "ok: a card with its code"
