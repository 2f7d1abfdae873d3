#!/usr/bin/env bash
# What two instances share, step by step, with a check behind each step: try.sh
# Builds the sample, starts two instances on two ports, and stops them. Nothing needs to be installed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
here=$(mktemp -d) a=http://127.0.0.1:5081 b=http://127.0.0.1:5082
[ "${1:-}" = built ] || dotnet build samples/QrCards -c Release -v q -clp:NoSummary

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
# A number in the line of the statistics that has a text: how often a method has loaded, what a tier has counted.
loads() { curl -sf "$1/stats" | grep -F "$2" | sed -E 's/.* ([0-9]+) loads,.*/\1/'; }
counts() { curl -sf "$1/stats" | grep -E "^tier $2" | sed -E "s/.* $3 = ([0-9]+).*/\1/"; }
says() { test "$(curl -s -o /dev/null -w '%{http_code}' "${@:2}")" = "$1"; }
sure() { # what it shows, command: at once, and always
    local what=$1; shift
    if "$@"; then echo "ok: $what"; else echo "NOT SO: $what"; tail -n 20 "$here"/*.log; curl -s "$a/stats" "$b/stats"; exit 1; fi
}
# One command to the Redis that both share, and the first line of its answer.
redis() {
    exec 3<>/dev/tcp/127.0.0.1/6390
    { printf '*%d\r\n' $#; for word; do printf '$%d\r\n%s\r\n' ${#word} "$word"; done; } >&3
    local answer; IFS= read -r answer <&3; exec 3<&- 3>&-
    echo "${answer%$'\r'}"
}

# Another template each time, until the connection stands.
stores() { curl -sf "$1/templates/T-$((RANDOM % 2000 + 10))" >/dev/null || true; test "$(counts "$1" redis Stores)" -gt 0; }
report() { curl -sf "$1/reports?from=$2-01-01&to=$2-12-31&country=DE" >/dev/null; }
years=(2021 2022 2023 2024 2025 2026)
# The next of these reports is read from disk, and not made once more. The first read of a process may be too slow to be waited for: then the one after it.
asked=0
from_disk() {
    local year=${years[$((asked++))]:?none was read from disk} made read
    made=$(loads "$1" ScansAsync) read=$(counts "$1" disk Hits)
    report "$1" "$year"
    test "$(loads "$1" ScansAsync)" = "${made:-0}" && test "$(counts "$1" disk Hits)" -gt "$read"
}
# Not in a pipe, which would fail where grep has seen enough before curl has written all.
knows() { grep -qF "$3" <<<"$(curl -sf "$1/sessions/$2")"; }
reads() { grep -qF "$3" <<<"$(curl -sf "$1/templates/$2")"; }

start 5081; first=$!
curl -sf "$a/templates/T-0001" >/dev/null
eventually "the first instance keeps a template in Redis" stores "$a"
# One after the other until the file is open and one of them is kept, which a process at its beginning may be too slow for; then several, of which most are.
first_kept() { report "$a" $((year++)); test "$(counts "$a" disk Stores)" -gt 0; }
most_kept() { test "$(counts "$a" disk Stores)" -gt $((${#years[@]} / 2)); }
year=1950; eventually "a report is kept on disk" first_kept
for year in "${years[@]}"; do report "$a" "$year" & reports+=($!); done
wait "${reports[@]}"
eventually "reports are kept on disk" most_kept
start 5082; second=$!

eventually "the second instance has its Redis" stores "$b"
healthy() { test "$(curl -s "$1/health")" = Healthy; }
eventually "and says that both of its stores answer" healthy "$b"
curl -sf "$a/templates/T-0002" >/dev/null
eventually "a report that one instance has made is read by the other from disk" from_disk "$b"
# A store that is late for once is done without, so that what depends on it is done again.
handed_over() { curl -sf -X POST "$a/sessions/s1?user=ann" && knows "$b" s1 ann; }
eventually "a session that was saved at one is known to the other" handed_over
handed_back() { curl -sf -X POST "$b/sessions/s1/cards/T-0001" && knows "$a" s1 T-0001; }
eventually "and what the other saves, is known to the first" handed_back
curl -sf "$b/templates/T-0002" >/dev/null
curl -sf -X PUT --data-binary 'changed' "$a/templates/T-0002"
eventually "a template that was changed at one is seen by the other" reads "$b" T-0002 changed

# What nobody knows: each of the databases is asked once, and not again.
sure "an unknown template is not found" says 404 "$a/templates/none"
searched=$(loads "$a" Templates.FindAsync)
for _ in 1 2 3; do says 404 "$a/templates/none" && says 404 "$a/cards/none.svg"; done
sure "and asked for again, it is not searched again" test "$(loads "$a" Templates.FindAsync)" = "$searched"
sure "it cannot be changed" says 404 -X PUT --data-binary 'new' "$a/templates/none"
sure "a session that nobody has saved is not known" says 404 "$b/sessions/s2"
save() { curl -sf -X POST "$b/sessions/s2?user=bob"; }
save
sure "and is, once it is saved, where it was unknown" knows "$b" s2 bob

# A session lasts for 20 minutes more whenever a server reads it. Its time is cut short where it is, and another server asks for it.
key='memoize:qrcards:QrCards.Sessions.FindAsync(string)(id:"s2")'
left() { redis TTL "$key" | tr -d ':'; }
lasts() { test "$(left)" -gt "$1" && test "$(left)" -le 1200; }
saved() { save && lasts 1100; }
eventually "a session is kept for its sliding time, and not for the whole eight hours" saved
test "$(redis EXPIRE "$key" 100)" = ':1'
sure "it has 100 seconds left" test "$(left)" -le 100
eventually "another server reads it" knows "$a" s2 bob
eventually "and with that it has its 20 minutes again" lasts 1100

# A pure function: the same text gives the same picture everywhere, and is drawn once.
for card in T-0003 T-0004 T-0003 T-0003; do curl -sf "$a/cards/$card.svg" >"$here/$card.svg"; done
curl -sf "$b/cards/T-0003.svg" >"$here/elsewhere.svg"
sure "a card with its code" grep -qF '<svg' "$here/T-0003.svg"
sure "two cards were drawn for four requests" test "$(loads "$a" QrCode.Svg)" = 2
sure "another server draws the same" cmp -s "$here/T-0003.svg" "$here/elsewhere.svg"
sure "and another card is another picture" eval '! cmp -s "$here/T-0003.svg" "$here/T-0004.svg"'

kill "$first" "$second"; wait "$first" "$second" || true
start 5081; first=$!
asked=0
eventually "after a restart the reports are still there" from_disk "$a"
