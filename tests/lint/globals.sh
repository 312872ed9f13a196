#!/bin/sh
# SPDX-License-Identifier: MIT
. "${0%/*}/common.sh"
goal "nothing lives in variables of its own: state is passed by pointer"
need objdump binutils

# May keep what a signal handler must reach; and what libev's allocator must,
# which is called without an argument of ours.
allowed="daemon/main logd/main daemon/loop"

cd "$top_builddir/src" || exit 99
for o in ./*/*.o; do
	[ -e "$o" ] || skip "nothing is built in $top_builddir/src"
	file=${o#./}
	file=${file%%/*}/$(basename "${o##*-}" .o)
	case " $allowed " in
	*" $file "*) continue ;;
	esac
	# Tables with pointers are constant after relocation.
	for v in $(objdump -t "$o" | awk '$3 == "O" || $2 == "O" { print }' |
		grep -E '[[:space:]]\.(bss|data|tbss|tdata)' |
		grep -vE '\.data\.rel\.ro' | awk '{ print $NF }'); do
		violation "$file: $v can change"
	done
done
wall_end
