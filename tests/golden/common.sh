# SPDX-License-Identifier: MIT
# shellcheck shell=sh
#
# What the golden tests share: TAP, and the driver.

set -u
: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
: "${top_builddir:=$top_srcdir/build}"
golden=$top_builddir/tests/golden/golden
work=$(mktemp -d "${TMPDIR:-/tmp}/golden.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT
count=0

# result STATUS WHAT: one line of TAP, passed when STATUS is 0.
result() {
	count=$((count + 1))
	if [ "$1" = 0 ]; then
		echo "ok - $2"
	else
		echo "not ok - $2"
	fi
}

skip() {
	echo "1..0 # SKIP $*"
	exit 0
}

plan() {
	echo "1..$count"
}
