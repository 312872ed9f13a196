#!/bin/sh
# SPDX-License-Identifier: MIT
. "${0%/*}/common.sh"
goal "each dangerous call stands in its one place"
need nm binutils

work=$(mktemp "${TMPDIR:-/tmp}/doors.XXXXXX") || exit 99
trap 'rm -f "$work"' EXIT

# door PLACES SYMBOLS: objects that may import what matches SYMBOLS.  PLACES
# are patterns of ROOM/FILE, without the suffix.
#
# By symbols: a macro, a wrapper or a cast hides nothing from the linker.
cd "$top_builddir/src" || exit 99
ls ./*/*.o >/dev/null 2>&1 || skip "nothing is built in $top_builddir/src"
table=$(for o in ./*/*.o; do
	o=${o#./}
	# Objects of a target with flags of its own are TARGET-NAME.o.
	name=${o##*/}
	name=${name##*-}
	nm -u "$o" 2>/dev/null |
		sed -n "s|^ *U \(__isoc99_\)*|${o%%/*}/${name%.o} |p"
done)

# check PLACES WHAT: lines "ROOM/FILE what" on stdin; report those which are
# in none of PLACES.
check() {
	while read -r file what; do
		set -f
		for place in $1; do
			# shellcheck disable=SC2254 # it is a pattern
			case "$file" in
			$place) continue 2 ;;
			esac
		done
		set +f
		violation "$file $2 $what, which only these may: $1"
	done
}

door() {
	echo "$table" | awk -v re="^($2)\$" '$2 ~ re' | sort -u >"$work"
	check "$1" "calls" <"$work"
}

door "os/spawn" 'fork|vfork|_Fork|clone|posix_spawnp?|daemon|forkpty'
door "os/reap" 'wait|wait3|wait4|waitpid|waitid'
door "os/kill" 'kill|killpg|tgkill|tkill|sigqueue|pidfd_send_signal|pthread_kill'
door "os/exec" '(f|)exec(v|ve|l|lp|le|vp|vpe|veat)'
door "base/*" 'clock_gettime|gettimeofday|time|timespec_get|ftime|clock'
door "daemon/* logd/*" 'ev_.*'
door "conf/ini" 'ini_parse.*'
door "daemon/main cli/main logd/main os/child" 'exit|_exit|_Exit|quick_exit'
# The fault of the reader which the tests ask for.
door "daemon/load" 'abort'
door "" 'sleep|usleep|nanosleep|clock_nanosleep|system|popen'
door "" '(__)?(strcpy|stpcpy|strcat|v?sprintf|gets)(_chk)?'
door "" 'ato(i|l|ll|f)|strtok(_r)?|_?setjmp|__sigsetjmp|sigsetjmp|longjmp'
door "" 'alloca|tmpnam|mktemp|tempnam|readdir_r|signal|bsd_signal'
# A raw system call is for what libc has no name for.
door "os/* base/log" 'syscall'

# By words: what the compiler expands, and system calls by number.
cd "$top_srcdir/src" || exit 99
word() {
	find . -name '*.[ch]' -exec grep -HoE "$2" {} + |
		sed -n 's|^\./\([^:]*\)\.[ch]:|\1 |p' | sort -u >"$work"
	check "$1" "has" <"$work"
}

word "os/spawn" '\<(SYS|__NR)_(clone3?|v?fork)\>'
word "os/reap" '\<(SYS|__NR)_(waitid|wait4|waitpid)\>'
word "os/kill" '\<(SYS|__NR)_(kill|tkill|tgkill|rt_sigqueueinfo|pidfd_send_signal)\>'
word "daemon/* logd/*" '^#[[:space:]]*include[[:space:]]*[<"]ev(\+\+)?\.h'
word "conf/ini" '^#[[:space:]]*include[[:space:]]*[<"]ini\.h'
word "" '\<(alloca|setjmp|sleep|usleep|strcpy|sprintf|atoi|strtok)[[:space:]]*\('
word "" '^#[[:space:]]*if[[:space:]]+0\>|\<XXX\>'
# For a command which shall keep what nohup ignored, and for nobody else.
word "os/signals" 'signal\([A-Z0-9]+, *SIG_IGN\)|sa_handler *= *SIG_IGN'
wall_end
