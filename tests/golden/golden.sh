#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Goal: each configuration here prints what its .ok says, with the diagnostics
# of its .err (none without one), and what is printed prints again.
. "${0%/*}/common.sh"
update=${1:-}
# The names of the files are part of the messages.
cd "$top_srcdir/tests/golden" || exit 99

for ini in ./[0-9]*.ini; do
	ini=${ini#./}
	name=${ini%.ini}
	"$golden" "$ini" >"$work/ok" 2>"$work/err"
	rc=$?
	if [ "$update" = --update ]; then
		rm -f "$name.ok" "$name.err"
		[ "$rc" = 0 ] && cp "$work/ok" "$name.ok"
		[ -s "$work/err" ] && cp "$work/err" "$name.err"
		continue
	fi
	[ -e "$name.ok" ] && want=0 || want=1
	[ "$rc" = "$want" ]
	result $? "$name exits $want"
	[ -e "$name.err" ] || : >"$work/none"
	[ -e "$name.err" ] && expect=$name.err || expect=$work/none
	diff -u "$expect" "$work/err"
	result $? "$name is judged as in $name.err"
	[ "$want" = 0 ] || continue
	diff -u "$name.ok" "$work/ok"
	result $? "$name prints $name.ok"
	"$golden" "$name.ok" 2>/dev/null | diff -u "$name.ok" -
	result $? "$name.ok prints itself"
done
plan
