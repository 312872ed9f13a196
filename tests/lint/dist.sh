#!/bin/sh
# SPDX-License-Identifier: MIT
. "${0%/*}/common.sh"
goal "make dist packs every tracked file"
need git git

cd "$top_srcdir" || exit 99
[ "$(git rev-parse --show-toplevel 2>/dev/null)" = "$(pwd -P)" ] ||
	skip "not the top of a git checkout"

# automake wants the directory below its own.
list=dist-list.$$
work=$top_builddir/$list
mkdir "$work" || exit 99
trap 'rm -rf "$work"' EXIT
make -s -C "$top_builddir" distdir distdir="$list/d" top_distdir="$list/d" \
	>"$work/log" 2>&1 || {
	cat "$work/log"
	violation "make distdir failed"
	wall_end
}
# What only a checkout needs.
git ls-files | grep -vxE '(.*/)?\.git(ignore|keep|attributes)' |
	while read -r f; do
		[ -e "$work/d/$f" ] || [ -L "$work/d/$f" ] || echo "$f"
	done >"$work/missing"
while read -r f; do
	violation "$f is not in the tarball: add it to EXTRA_DIST"
done <"$work/missing"
wall_end
