#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The main job on real programs, step by step: nginx and Redis where they are
# installed, a Python web server, and a child that does not want to go, under
# one sigmund.  Each step says what it does, checks that it was so, and shows
# the lines of the log about it.  Exit 0 when all of it was so.
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

# Gently first: a supervisor that is killed leaves its programs behind.
cleanup() {
	if [ -n "$supervisor" ] && kill "$supervisor" 2>/dev/null; then
		tries=0
		while kill -0 "$supervisor" 2>/dev/null &&
			[ $((tries += 1)) -lt 100 ]; do
			sleep 0.05
		done
		kill -9 "$supervisor" 2>/dev/null
	fi
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

ctl() {
	"$sigctl" -s "$work/control.sock" "$@"
}

# state_is NAME STATE
state_is() {
	[ "$(ctl status "$1" 2>/dev/null | awk 'NR == 1 { print $2 }')" = "$2" ]
}

# pid_of NAME: of its main process.
pid_of() {
	ctl pid "$1" 2>/dev/null
}

# up_again NAME PID: it runs, and is not process PID any more.
up_again() {
	state_is "$1" RUNNING && [ "$(pid_of "$1")" != "$2" ]
}

# children_of PID
children_of() {
	ps -o pid= --ppid "$1" | tr -d ' '
}

gone() {
	! kill -0 "$1" 2>/dev/null
}

answers() {
	curl -sf -m 2 "http://127.0.0.1:$1/" | grep -q hello
}

free_port() {
	python3 -c 'import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])'
}

[ -x "$sigmund" ] || { echo "$sigmund is not built"; exit 1; }
PATH=$PATH:/usr/sbin
web_port=$(free_port)
app_port=$(free_port)
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

cat >"$work/nginx.conf" <<CONF
$([ "$(id -u)" != 0 ] || echo "user root;")
daemon off;
pid $work/nginx.pid;
error_log stderr warn;
events {}
http {
	access_log off;
	client_body_temp_path $work/body;
	proxy_temp_path $work/proxy;
	fastcgi_temp_path $work/fastcgi;
	uwsgi_temp_path $work/uwsgi;
	scgi_temp_path $work/scgi;
	server {
		listen 127.0.0.1:$web_port;
		root $work/www;
	}
}
CONF

write_ini() {
	cat <<INI
[sigmund]
socket = $work/control.sock

[program:app]
command = python3 -m http.server --bind 127.0.0.1 --directory $work/www $app_port

[program:stubborn]
command = $work/stubborn.sh
startsecs = 200ms
stopwaitsecs = 1
INI
	if [ "$web" = nginx ]; then
		cat <<INI

[program:nginx]
command = nginx -c $work/nginx.conf -e stderr
stopsignal = QUIT
autorestart = true
INI
	fi
	if command -v redis-server >/dev/null 2>&1; then
		cat <<INI

[program:redis]
command = redis-server --port 0 --unixsocket $work/redis.sock --save ""
directory = $work
INI
	fi
	[ $# = 0 ] || printf '%s\n' "$@"
}

# The one that crashes, with its port.
if command -v nginx >/dev/null 2>&1; then
	web=nginx port=$web_port
else
	web=app port=$app_port
fi
write_ini >"$work/demo.ini"

step "Start: one INI file, real programs"
sed 's/^/    /' "$work/demo.ini"
echo
"$sigmund" -c "$work/demo.ini" >"$work/out" 2>"$log" </dev/null &
supervisor=$!
until_true 10 "not all programs came up" ctl status
until_true 10 "$web does not answer" answers "$port"
show
ctl status | sed 's/^/    /'

step "Crash: kill -9 of $web; what it left behind is ended, it starts again"
old=$(pid_of "$web")
workers=$(children_of "$old")
kill -9 "$old"
until_true 10 "$web did not come up again" up_again "$web" "$old"
until_true 10 "$web does not answer again" answers "$port"
for pid in $workers; do
	gone "$pid" || fail "pid $pid of the killed $web is still there"
done
show
echo "    $web was pid $old and is pid $(pid_of "$web")"

step "Change: a new program in the INI, applied by SIGHUP; the rest stays"
kept=$(pid_of "$web")
write_ini '' '[program:ticker]' 'command = sleep 1000' 'startsecs = 200ms' \
	>"$work/demo.ini"
kill -HUP "$supervisor"
until_true 10 "the new program did not start" state_is ticker RUNNING
[ "$(pid_of "$web")" = "$kept" ] || fail "$web was restarted"
show
echo "    $web is still pid $kept"

step "Mistake: a broken INI changes nothing, and the log says where it is"
write_ini '' '[program:ticker]' 'command = sleep 1000' \
	'autorestart = sometimes' 'stopwaitsecond = 5' >"$work/demo.ini"
kill -HUP "$supervisor"
until_true 10 "the mistake was not reported" \
	grep -q 'demo.ini:[0-9]*: error: autorestart' "$log"
until_true 10 "the update was not refused" grep -q 'nothing was changed' "$log"
state_is ticker RUNNING || fail "a broken file touched ticker"
[ "$(pid_of "$web")" = "$kept" ] || fail "a broken file touched $web"
show

step "Stop: this one ignores TERM; SIGKILL ends it and its child after 1 s"
pid=$(pid_of stubborn)
child=$(cat "$work/stubborn.sh.child")
ctl stop stubborn | sed 's/^/    /'
gone "$pid" || fail "stubborn survived"
gone "$child" || fail "the child of stubborn survived"
grep -q 'stubborn: .*KILL' "$log" || fail "the log does not tell of SIGKILL"
show

step "End: TERM to sigmund; all stop in order, and it exits with 0"
all=$(for name in app ticker "$web"; do pid_of "$name"; done)
kill -TERM "$supervisor"
wait "$supervisor"
rc=$?
supervisor=
show
[ $rc = 0 ] || fail "sigmund exited with $rc"
for pid in $all; do
	gone "$pid" || fail "pid $pid is still there"
done

printf '\nAll of it was as it should be.\n'
