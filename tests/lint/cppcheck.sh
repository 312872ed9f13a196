#!/bin/sh
# SPDX-License-Identifier: MIT
. "${0%/*}/common.sh"
goal "cppcheck finds nothing"
need cppcheck cppcheck

cd "$top_srcdir" || exit 99
cppcheck --quiet --std=c11 --language=c --enable=warning,performance,portability \
	--inline-suppr --error-exitcode=1 --template=gcc -D_GNU_SOURCE -Isrc \
	--suppress=missingIncludeSystem src 2>&1 || violation "see above"
wall_end
