#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Goal: public files which supervisord accepts are accepted, and printed to
# what prints again; none makes the loader crash.  They are not ours to ship:
# SIGMUND_CORPUS names the directory.
. "${0%/*}/common.sh"
corpus=${SIGMUND_CORPUS:-}
[ -d "$corpus" ] || skip "SIGMUND_CORPUS names no directory"

for file in "$corpus"/*.conf; do
	name=${file##*/}
	"$golden" "$file" >"$work/once" 2>"$work/err"
	rc=$?
	case $name in
	015.conf | 055.conf | 139.conf)
		# A variable without a value, a user without a password, a "%".
		[ "$rc" = 1 ]
		result $? "$name is refused, as by supervisord"
		continue
		;;
	esac
	[ "$rc" = 0 ]
	ok=$?
	[ "$ok" = 0 ] || sed 's/^/# /' "$work/err"
	"$golden" "$work/once" 2>/dev/null | cmp -s "$work/once" - || ok=1
	result "$ok" "$name is accepted"
done
plan
