#!/usr/bin/env bash
# What a cached endpoint costs beside one that returns a constant: both under load in turns, so that a change of the machine's
# speed meets both. Needs wrk (apt-get install wrk). Seconds for each turn, and turns: load.sh [seconds] [turns]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
seconds=${1:-10} turns=${2:-3} url=http://127.0.0.1:5080

dotnet build samples/WebShop -c Release -v q
dotnet samples/WebShop/bin/Release/net10.0/WebShop.dll --urls "$url" --environment Development &
server=$!
trap 'kill $server' EXIT
until curl -sf "$url/products/7" >/dev/null; do sleep 0.2; done

# Meanwhile somebody looks at the dashboard, as an open page does: $url/memoize
watch() { while curl -sf "$url/memoize/api/methods" >/dev/null; do sleep 2; done; }
watch &
trap 'kill $server %2' EXIT

load() { wrk -t1 -c64 -d"${2}s" "$url$1" | awk '/Requests\/sec/ { print $2 } /Non-2xx|Socket errors/ { print > "/dev/stderr" }'; }
load /products/7 3 >/dev/null
load /constant/7 3 >/dev/null
for _ in $(seq "$turns"); do
    cached=$(load /products/7 "$seconds")
    constant=$(load /constant/7 "$seconds")
    awk -v a="$cached" -v b="$constant" 'BEGIN { printf "cached %.0f/s, constant %.0f/s, ratio %.3f\n", a, b, a / b }'
done
