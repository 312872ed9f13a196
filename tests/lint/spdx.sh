#!/bin/sh
# SPDX-License-Identifier: MIT
. "${0%/*}/common.sh"
goal "each source file names its licence in its first lines"

cd "$top_srcdir" || exit 99
for f in $(find bootstrap .ci src tests etc -type f \( -name '*.[ch]' -o \
	-name '*.sh' -o -name '*.py' -o -name bootstrap -o -name run \
	-o -name 'run-*' \) | sort); do
	head -n 3 "$f" | grep -q 'SPDX-License-Identifier: MIT' ||
		violation "$f has no SPDX line"
done
wall_end
