#!/bin/sh
# SPDX-License-Identifier: MIT
. "${0%/*}/../lint/common.sh"
goal "the simulator finds every one of twelve bugs planted in the core"
need patch patch
#
# mutants.sh [PATCH ...]: each patch of tests/sim/bugs, or those given, is
# one bug.  Its first line says which.  It goes into a copy of src/core, and
# the simulator must call it wrong within its steps.

here=$top_srcdir/tests/sim
steps=${STEPS:-4000000}
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
flags="-std=c11 -D_GNU_SOURCE -O1 -I$here"

# The world is the same for all: one object each, of everything but the core.
mkdir "$work/world" || exit 99
for f in sim account fleets history trace update world sim_supervisor; do
	# shellcheck disable=SC2086 # flags are words
	$CC $flags -I"$top_srcdir/src" -c -o "$work/world/$f.o" "$here/$f.c" ||
		exit 99
done

for f in "$top_srcdir"/src/base/*.c; do
	c=${f##*/}
	# shellcheck disable=SC2086
	$CC $flags -I"$top_srcdir/src" -c -o "$work/world/base-$c.o" "$f" ||
		exit 99
done

# build TREE: the simulator over the core in TREE.  A patch touches few files:
# the objects of the others are those of the sane tree.
build() {
	for f in "$1"/src/core/*.c; do
		c=${f##*/}
		[ -e "$work/sane/$c.o" ] &&
			cmp -s "$f" "$top_srcdir/src/core/$c" &&
			cp "$work/sane/$c.o" "$1/" && continue
		# shellcheck disable=SC2086
		$CC $flags -I"$1/src" -c -o "$1/$c.o" "$f" || return 1
	done
	# shellcheck disable=SC2086
	$CC $flags -o "$1/sim" "$work"/world/*.o "$1"/*.o
}

# tree NAME: a copy of what the core needs.
tree() {
	mkdir -p "$work/$1/src" || exit 99
	cp -R "$top_srcdir/src/core" "$top_srcdir/src/base" "$work/$1/src/" ||
		exit 99
	chmod -R u+w "$work/$1" || exit 99
}

tree sane
build "$work/sane" || exit 99
"$work/sane/sim" --steps 500k --seeds 4 >"$work/sane/out" || {
	tail -n 5 "$work/sane/out"
	violation "the core is wrong without a bug planted in it"
}

[ $# -gt 0 ] || set -- "$here"/bugs/*.patch
for patch in "$@"; do
	name=${patch##*/}
	name=${name%.patch}
	tree "$name"
	patch -s -p1 -d "$work/$name" <"$patch" >"$work/$name/patch" || {
		cat "$work/$name/patch"
		violation "$name: the patch does not apply any more"
		continue
	}
	build "$work/$name" || {
		violation "$name: does not compile any more"
		continue
	}
	# An assertion of the core counts as found as well.
	"$work/$name/sim" --steps "$steps" --seeds 16 \
		>"$work/$name/out" 2>&1 && {
		violation "$name: not found: $(head -n 1 "$patch")"
		continue
	}
	found=$(grep -aE '^wrong:|Assertion' "$work/$name/out" | tail -n 1)
	[ -n "$found" ] || violation "$name: ended without a word"
	echo "$name: $found"
done
wall_end
