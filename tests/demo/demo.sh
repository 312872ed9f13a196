#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The main job on real programs, step by step: a web server, Redis and a child
# that does not want to go, under one sigmund.  Each step says what it does,
# shows the lines of the log that prove it, and checks them.  Exit 0 when all
# of it was so.
#
# SIGMUND and SIGCTL name the programs; without them, those in build/src.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
sigmund=${SIGMUND:-$top/build/src/sigmund}
sigctl=${SIGCTL:-$top/build/src/sigctl}

work=$(mktemp -d "${TMPDIR:-/tmp}/sigmund-demo.XXXXXX") || exit 1
log=$work/log
supervisor=
shown=0

cleanup() {
	[ -n "$supervisor" ] && kill -9 "$supervisor" 2>/dev/null
	rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 1' HUP INT TERM

step() {
	printf '\n\033[1m%s\033[0m\n' "* $*"
}

# The lines of the log since the last time.
show() {
	tail -n "+$((shown + 1))" "$log" | sed 's/^/    /'
	shown=$(wc -l <"$log")
}

fail() {
	show
	printf '\nDEMO FAILED: %s\n' "$*"
	exit 1
}

# until_true SECONDS WHAT COMMAND...: wait for it, and not longer.
until_true() {
	limit=$(($(date +%s) + $1))
	what=$2
	shift 2
	until "$@" >/dev/null 2>&1; do
		[ "$(date +%s)" -lt "$limit" ] || fail "$what"
		sleep 0.05
	done
}

# state_is NAME STATE
state_is() {
	"$sigctl" -s "$work/control.sock" status "$1" 2>/dev/null |
		grep -qw "$2"
}

# pid_of NAME: of its main process.
pid_of() {
	"$sigctl" -s "$work/control.sock" status --json 2>/dev/null |
		python3 -c 'import json, sys
for s in json.load(sys.stdin)["services"]:
    if s["name"] == sys.argv[1]:
        print(s["pid"] or "")' "$1"
}

has_new_pid() {
	now=$(pid_of "$1")
	[ -n "$now" ] && [ "$now" != "$2" ]
}

gone() {
	! kill -0 "$1" 2>/dev/null
}

free_port() {
	python3 -c 'import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])'
}

[ -x "$sigmund" ] || { echo "$sigmund is not built"; exit 1; }
port=$(free_port)
mkdir "$work/www" && echo "hello from sigmund" >"$work/www/index.html"

# Ignores TERM, has a child of its own in another session, and stays.
cat >"$work/stubborn.sh" <<'SCRIPT'
#!/bin/sh
trap '' TERM
setsid sleep 1000 &
echo $! >"$0.child"
while :; do sleep 1000; done
SCRIPT
chmod +x "$work/stubborn.sh"

write_ini() {
	cat <<INI
[sigmund]
socket = $work/control.sock
runtime_directory = $work

[program:web]
command = python3 -m http.server --bind 127.0.0.1 --directory $work/www $port
startsecs = 0.5

[program:stubborn]
command = $work/stubborn.sh
startsecs = 0.2
stopwaitsecs = 1
INI
	if command -v redis-server >/dev/null 2>&1; then
		cat <<INI

[program:redis]
command = redis-server --port 0 --unixsocket $work/redis.sock --save ""
directory = $work
startsecs = 0.5
INI
	fi
	[ $# = 0 ] || printf '%s\n' "$@"
}
write_ini >"$work/demo.ini"

step "Start: one INI file, three real programs"
sed 's/^/    /' "$work/demo.ini"
"$sigmund" -c "$work/demo.ini" >"$work/out" 2>"$log" </dev/null &
supervisor=$!
until_true 5 "web did not come up" state_is web RUNNING
until_true 5 "stubborn did not come up" state_is stubborn RUNNING
show
curl -sf "http://127.0.0.1:$port/" | grep -q hello ||
	fail "the web server does not answer"
"$sigctl" -s "$work/control.sock" status | sed 's/^/    /'

step "Crash: kill -9 of the web server; sigmund starts it again"
old=$(pid_of web)
kill -9 "$old"
until_true 5 "web was not restarted" has_new_pid web "$old"
until_true 5 "web did not come up again" state_is web RUNNING
until_true 5 "web does not answer" curl -sf "http://127.0.0.1:$port/"
show
echo "    it was pid $old and is pid $(pid_of web)"

step "Change: a new program in the INI, applied by SIGHUP; the rest stays"
kept=$(pid_of web)
write_ini '' '[program:ticker]' 'command = sleep 1000' 'startsecs = 0.2' \
	>"$work/demo.ini"
kill -HUP "$supervisor"
until_true 5 "the new program did not start" state_is ticker RUNNING
[ "$(pid_of web)" = "$kept" ] || fail "web was restarted and should not be"
show
echo "    web is still pid $kept"

step "Mistake: a broken INI changes nothing, and the log says where it is"
write_ini '[program:web' >"$work/demo.ini"
kill -HUP "$supervisor"
until_true 5 "the mistake was not reported" \
	sh -c "tail -n +$((shown + 1)) '$log' | grep -q 'demo.ini:[0-9]*: error'"
[ "$(pid_of web)" = "$kept" ] || fail "a broken file touched web"
show
write_ini >"$work/demo.ini"

step "Stop: this one ignores TERM; SIGKILL ends it and its child after 1 s"
pid=$(pid_of stubborn)
child=$(cat "$work/stubborn.sh.child")
"$sigctl" -s "$work/control.sock" stop stubborn | sed 's/^/    /'
gone "$pid" || fail "stubborn survived"
gone "$child" || fail "the child of stubborn survived"
show

step "End: TERM to sigmund; all stop in order, and it exits with 0"
web=$(pid_of web)
kill -TERM "$supervisor"
wait "$supervisor"
rc=$?
supervisor=
show
[ $rc = 0 ] || fail "sigmund exited with $rc"
gone "$web" || fail "the web server is still there"

printf '\nAll of it was as it should be.\n'
