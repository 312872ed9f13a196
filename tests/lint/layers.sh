#!/bin/sh
# SPDX-License-Identifier: MIT
. "${0%/*}/common.sh"
goal "rooms include only the rooms that they may know"

# The rooms whose headers a room may include.  Nothing else may.
allowed() {
	case "$1" in
	base) echo "base" ;;
	core) echo "base core" ;;
	conf) echo "base core conf" ;;
	wire) echo "base core wire" ;;
	os) echo "base os" ;;
	output) echo "base output" ;;
	# The core's names only: see core_names.
	cli) echo "base core conf wire cli" ;;
	logd) echo "base wire output os logd" ;;
	daemon) echo "base core conf wire os daemon" ;;
	*) echo "" ;;
	esac
}

# What sigctl may know of the core: the words and what stands behind them.
core_names="core/program.h core/event.h core/service.h"

cd "$top_srcdir/src" || exit 99
for f in */*.[ch]; do
	room=${f%%/*}
	[ -n "$(allowed "$room")" ] ||
		violation "$f: room $room is not in the table"
	# shellcheck disable=SC2013 # names of headers are words
	for h in $(sed -n 's/^#[[:space:]]*include "\([^"]*\)".*/\1/p' "$f"); do
		case " $(allowed "$room") " in
		*" ${h%%/*} "*) ;;
		*) violation "$f: $room must not include $h" ;;
		esac
		if [ "$room" = cli ] && [ "${h%%/*}" = core ]; then
			case " $core_names " in
			*" $h "*) ;;
			*) violation "$f: of core, cli may include names only" ;;
			esac
		fi
	done
	# A file of ours between <> would pass the table unseen.
	grep -nE '^#[[:space:]]*include <(base|core|conf|wire|os|output|cli|logd|daemon)/' \
		"$f" >/dev/null && violation "$f: includes a room with <>"
done
wall_end
