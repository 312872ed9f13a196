# SPDX-License-Identifier: MIT
# shellcheck shell=sh
#
# What the walls share.  A wall says its goal, then each violation, and ends
# with wall_end.

set -u
: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
: "${top_builddir:=$top_srcdir/build}"
: "${CC:=cc}" "${CPPFLAGS:=}" "${WARN_CFLAGS:=-Wall -Wextra}"
violations=0

# What this wall holds up, in one line.
goal() {
	echo "goal: $*"
}

violation() {
	echo "$*"
	violations=$((violations + 1))
}

# need TOOL PACKAGE: without it this wall cannot be looked at.
need() {
	command -v "$1" >/dev/null 2>&1 || skip "no $1 (apt package $2)"
}

skip() {
	echo "$*"
	exit 77
}

wall_end() {
	[ "$violations" = 0 ] && exit 0
	echo "$violations violations"
	exit 1
}
