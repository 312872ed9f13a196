#!/bin/sh
# SPDX-License-Identifier: MIT
. "${0%/*}/common.sh"
goal "the INI of the README, of sigmund(8) and of etc/ are valid"
: "${SIGMUND:=$top_builddir/src/sigmund}"
[ -x "$SIGMUND" ] || skip "$SIGMUND is not built"

work=$(mktemp -d "${TMPDIR:-/tmp}/examples.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT

# valid NAME FILE: no error and no warning; what this machine has is all the
# same, and so are keys which do nothing yet.
valid() {
	"$SIGMUND" --check=syntax -c "$2" >"$work/said" 2>&1
	rc=$?
	grep -v 'warning: accepted, not acted on yet: ' "$work/said" &&
		violation "$1 is not without blemish"
	[ "$rc" = 0 ] || violation "$1: sigmund --check=syntax exits with $rc"
	"$SIGMUND" --print -c "$2" >"$work/once.ini" 2>/dev/null
	"$SIGMUND" --print -c "$work/once.ini" >"$work/twice.ini" 2>/dev/null
	cmp -s "$work/once.ini" "$work/twice.ini" ||
		violation "$1 prints, but not to the same again"
}

# block LANGUAGE: what the README says in it.
block() {
	awk -v begin="^\`\`\`$1\$" '/^```/ { on = $0 ~ begin; next } on' \
		"$top_srcdir/README.md"
}

block ini >"$work/readme.ini"
[ "$(wc -l <"$work/readme.ini")" = 5 ] ||
	violation "the INI of README.md has not five lines"
valid "the INI of README.md" "$work/readme.ini"
[ "$(block dockerfile | wc -l)" = 4 ] ||
	violation "the Dockerfile of README.md has not four lines"

sed -n '/^\$ cat web\.ini$/,/^\$ sigmund/{/^\$/!p;}' \
	"$top_srcdir/doc/sigmund.8" >"$work/man.ini"
[ -s "$work/man.ini" ] || violation "doc/sigmund.8 has no example"
valid "the INI of sigmund(8)" "$work/man.ini"

for f in "$top_srcdir"/etc/*.ini; do
	valid "etc/${f##*/}" "$f"
done
wall_end
