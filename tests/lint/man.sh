#!/bin/sh
# SPDX-License-Identifier: MIT
. "${0%/*}/common.sh"
goal "man pages are well formed and say what the tables say"
need mandoc mandoc
: "${SIGMUND:=$top_builddir/src/sigmund}" "${SIGCTL:=$top_builddir/src/sigctl}"

cd "$top_srcdir/doc" || exit 99
found=no
for page in ./*.[158]; do
	[ -e "$page" ] || continue
	found=yes
	mandoc -T lint -W warning "$page" || violation "doc/$page"
done
[ "$found" = yes ] || skip "no man page yet"

# compare ROWS PAGE MACRO WHAT: each row of a table has its ".It MACRO row" in
# the page, and the reverse.
compare() {
	documented=$(sed -n "s/^\.It $3 \([a-z_:-]*\).*/\1/p" "$2" | sort -u)
	for row in $1; do
		echo "$documented" | grep -qx -- "$row" ||
			violation "$2 has no \".It $3\" for the $4 $row"
	done
	for row in $documented; do
		echo "$1" | grep -qx -- "$row" ||
			violation "$2 describes the $4 $row, which does not exist"
	done
}

# The first word of a line is the key; sections and notes are not words.
if [ -x "$SIGMUND" ] && [ -e sigmund.ini.5 ]; then
	keys=$("$SIGMUND" --keys | sed -n 's/^\([a-z][a-z_]*\)[[:space:]].*/\1/p' |
		sort -u)
	[ -n "$keys" ] || violation "sigmund --keys printed no key"
	compare "$keys" sigmund.ini.5 Ic key
fi
if [ -x "$SIGCTL" ] && [ -e sigctl.1 ]; then
	commands=$("$SIGCTL" help |
		sed -n 's/^[[:space:]]*\([a-z][a-z-]*\)[[:space:]].*/\1/p' | sort -u)
	[ -n "$commands" ] || violation "sigctl help printed no command"
	compare "$commands" sigctl.1 Cm command
fi

# Each option of --help, short and long, stands in an ".It Fl", and the reverse.
if [ -x "$SIGMUND" ] && [ -e sigmund.8 ]; then
	options=$("$SIGMUND" --help | grep -E '^ +-' | cut -c 1-30 |
		grep -oE -- ' -(-[a-z-]+|[A-Za-z])' | tr -d ' ' | sort -u)
	[ -n "$options" ] || violation "sigmund --help printed no option"
	documented=$(grep '^\.It Fl' sigmund.8 |
		grep -oE -- '(Fl|,) +(Fl )?-?[A-Za-z][a-z-]*' |
		sed 's/.* /-/' | sort -u)
	for option in $options; do
		echo "$documented" | grep -qx -- "$option" ||
			violation "sigmund.8 has no \".It Fl\" for $option"
	done
	for option in $documented; do
		echo "$options" | grep -qx -- "$option" ||
			violation "sigmund.8 describes $option, which does not exist"
	done
fi
wall_end
