#!/bin/sh
# SPDX-License-Identifier: MIT
. "${0%/*}/common.sh"
goal "core and wire call nothing that could act, wait, or ask the time"
need nm binutils

cd "$top_builddir/src" || exit 99

# What tools put into every object.
tools='__(asan|ubsan|lsan|sanitizer|sancov|gcov)_.*|_?_?gcov_.*|__stack_chk_fail'
tools="$tools|_GLOBAL_OFFSET_TABLE_|mangle_path|__odr_asan.*"

# What works on memory and nothing else.
memory='__assert(_fail)?|(__)?mem(set|cpy|move|cmp|chr)(_chk)?|bcmp'
memory="$memory|str(len|nlen|cmp|ncmp|chr|rchr)|qsort|bsearch"

# Of base: no clock, no descriptor, no allocation.
base='err_.*|signame_.*|text_.*|utf8_.*'

# imports ARCHIVE: what it takes from elsewhere.
imports() {
	defined=$(nm -g --defined-only "$1" 2>/dev/null |
		awk 'NF == 3 { printf "%s|", $3 }')
	nm -u "$1" 2>/dev/null | sed -n 's/^ *U //p' | sort -u |
		grep -vxE "${defined}_none|$tools"
}

# The core has a white list: a new import is a decision.
for symbol in $(imports libcore.a | grep -vxE "$memory|$base"); do
	violation "libcore.a imports $symbol"
done

# wire may allocate; what it may not is reach outside.
outside='f?open(at)?(64)?|creat(64)?|close|p?read(v|64)?|p?write(v|64)?|f(read|write|puts|printf|gets)|puts|v?printf'
outside="$outside|socket|connect|bind|listen|accept4?|send(to|msg)?|recv(from|msg)?"
outside="$outside|poll|ppoll|select|pselect|epoll_.*|ioctl|fcntl|syscall|mmap(64)?"
outside="$outside|f?stat(at|64)?|unlink(at)?|rename(at)?|mkdir(at)?|getenv|secure_getenv|setenv"
outside="$outside|clock_gettime|gettimeofday|time|localtime(_r)?|mono_now|wall_now|log_.*"
outside="$outside|json_(load|dump)(f|fd|_file)|random|rand|srand|getpid|getuid"
for symbol in $(imports libwire.a | grep -xE "$outside|__($outside)_chk"); do
	violation "libwire.a imports $symbol"
done

# conf reads files, and nothing else of the world.
world='socket|connect|bind|poll|select|epoll_.*|clock_gettime|gettimeofday|time|mono_now|wall_now|log_.*|setenv|putenv|chdir'
for symbol in $(imports libconf.a | grep -xE "$world"); do
	violation "libconf.a imports $symbol"
done
wall_end
