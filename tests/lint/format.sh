#!/bin/sh
# SPDX-License-Identifier: MIT
. "${0%/*}/common.sh"
goal "C files are as clang-format leaves them"
# Other versions differ in small things.
need clang-format-14 clang-format-14

cd "$top_srcdir" || exit 99
for f in src/*/*.[ch] tests/*/*.[ch]; do
	[ -e "$f" ] || continue
	clang-format-14 "$f" | cmp -s - "$f" && continue
	clang-format-14 --dry-run -Werror "$f" 2>&1 | head -n 3
	violation "$f: run clang-format-14 -i"
done
wall_end
