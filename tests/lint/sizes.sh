#!/bin/sh
# SPDX-License-Identifier: MIT
. "${0%/*}/common.sh"
goal "files stay under 500 lines and functions under 60"
need ctags universal-ctags
ctags --version | grep -q Universal || skip "ctags is not universal-ctags"

# What may be longer, and why.  One reason a line.
reason() {
	case "$1" in
	src/conf/keys.c) echo "one flat table: a row for every key" ;;
	src/conf/value.c:value_write) echo "one flat switch over the types" ;;
	*) return 1 ;;
	esac
}

cd "$top_srcdir" || exit 99
for f in src/*/*.[ch]; do
	lines=$(wc -l <"$f")
	if [ "$lines" -gt 500 ] && ! reason "$f" >/dev/null; then
		violation "$f has $lines lines"
	fi
done
for row in $(ctags -R --languages=C --c-kinds=f --fields=+ne -f - src |
	awk -F'\t' '{
		first = last = 0
		for (i = 4; i <= NF; i++) {
			if ($i ~ /^line:/) first = substr($i, 6)
			if ($i ~ /^end:/) last = substr($i, 5)
		}
		if (last - first + 1 > 60)
			print $2 ":" $1 ":" last - first + 1
	}'); do
	where=${row%:*}
	reason "$where" >/dev/null ||
		violation "${where%:*}: ${where##*:} has ${row##*:} lines"
done
wall_end
