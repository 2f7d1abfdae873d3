#!/usr/bin/env bash
# Templates under 1,000 requests a second: with a cold memory and a warm Redis, and while Redis is stopped. load.sh [seconds]
# Needs wrk and redis-server (apt-get install wrk redis-server).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
seconds=${1:-30} port=6391 url=http://127.0.0.1:5083 here=$(mktemp -d)
dotnet build samples/QrCards -c Release -v q -clp:NoSummary

redis-server --port $port --save '' --daemonize no >"$here/redis.log" & redis=$!
run() {
    ConnectionStrings__Redis="127.0.0.1:$port,abortConnect=false" dotnet samples/QrCards/bin/Release/net10.0/QrCards.dll \
        --urls $url --Disk "$here/cache.db" --environment Production >"$here/app.log" 2>&1 & app=$!
    until curl -sf $url/stats >/dev/null; do kill -0 $app || { cat "$here/app.log"; exit 1; }; sleep 0.2; done
}
trap 'kill -9 $redis $app 2>/dev/null || true; rm -rf "$here"' EXIT
load() { wrk -t1 -c50 -d"${2}s" --latency -s samples/QrCards/templates.lua $url | awk -v what="$1" \
    '/50%|99%/ { p[$1] = $2 } /Requests\/sec/ { rate = $2 } /Non-2xx|Socket errors/ { print > "/dev/stderr" } END { printf "| %s | %.0f | %s | %s |\n", what, rate, p["50%"], p["99%"] }'; }

# An instance that has seen every template fills Redis, and one that has seen none takes its place.
run
for id in $(seq -f 'T-%04g' 2020); do printf 'url=%s/templates/%s\noutput=/dev/null\n' $url "$id"; done | curl -sf -K -
sleep 2; kill $app; wait $app || true
run
curl -sf $url/templates/T-0001 >/dev/null; sleep 3

echo "| | requests/s | p50 | p99 |"; echo "| --- | ---: | ---: | ---: |"
load "memory cold, Redis warm" "$seconds"
load "memory warm" "$seconds"
kill -STOP $redis
load "Redis stopped, memory warm" "$seconds"
kill -9 $app; wait $app 2>/dev/null || true; run
load "Redis stopped, memory cold" "$seconds"
curl -s $url/stats
