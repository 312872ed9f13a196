#!/bin/sh
# SPDX-License-Identifier: MIT
. "${0%/*}/common.sh"
goal "each header compiles alone and twice, and has its guard"

cd "$top_srcdir/src" || exit 99
for h in */*.h; do
	# shellcheck disable=SC2086 # flags are words
	printf '#include "%s"\n#include "%s"\n' "$h" "$h" |
		$CC $CPPFLAGS -std=c11 $WARN_CFLAGS -Werror -fsyntax-only \
			-include "$top_builddir/config.h" -I. -x c - 2>&1 ||
		violation "src/$h does not compile alone"
	guard=$(echo "$h" | tr 'a-z/.-' 'A-Z___')
	[ "$(grep -cE "^#(ifndef|define) $guard\$" "$h")" = 2 ] ||
		violation "src/$h: its guard is not $guard"
done
wall_end
