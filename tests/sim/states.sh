#!/bin/sh
# SPDX-License-Identifier: MIT
. "${0%/*}/../lint/common.sh"
goal "doc/states.md lists what is possible, and nothing else"

doc=$top_srcdir/doc/states.md
sim=$top_builddir/tests/sim
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT

# "service STOPPED -> STARTING  because ..." without arrow and reason.
sed -n -E \
	-e 's/^(service|run|stop) +([A-Za-z]+) +-> +([A-Za-z]+) .*/\1 \2 \3/p' \
	-e 's/^(together) +([A-Za-z]+) +([a-z]+) +([a-z]+)$/\1 \2 \3 \4/p' \
	"$doc" | sort >"$work/doc"
"$sim/explore" >"$work/out" || {
	cat "$work/out"
	exit 1
}
grep '^#' "$work/out"
grep -v '^#' "$work/out" | sort >"$work/found"
diff "$work/doc" "$work/found" ||
	violation "the document (<) and the search (>) differ"

"$sim/sim_supervisor" --steps 500k --seeds 4 --moves >"$work/out" || {
	cat "$work/out"
	exit 1
}
grep '^service ' "$work/out" | sort -u >"$work/seen"
[ -s "$work/seen" ] || violation "the simulator has seen nothing"
comm -13 "$work/doc" "$work/seen" >"$work/more"
[ -s "$work/more" ] &&
	violation "the simulator has seen more: $(cat "$work/more")"
wall_end
