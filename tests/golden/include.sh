#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Goal: what [include] names is read, in order; what cannot be read, or would
# never end, is told at the line which names it.
. "${0%/*}/common.sh"
cd "$work" || exit 99
mkdir conf.d sub a.dir

# check WHAT EXIT TEXT: main.ini ends with EXIT and says TEXT (a pattern).
check() {
	timeout 10 "$golden" --machine main.ini >out 2>err
	rc=$?
	[ "$rc" = "$2" ] && cat out err | grep -q -- "$3"
	ok=$?
	[ "$ok" = 0 ] || sed 's/^/# /' err
	result "$ok" "$1"
}

main() {
	printf '[program:m]\ncommand = true\n[include]\nfiles = %s\n' "$1" \
	    >main.ini
}

printf '[program:b]\ncommand = true b\ndirectory = %%(here)s\n' >conf.d/b.ini
printf '[program:a]\ncommand = true a\n' >conf.d/a.ini
main 'conf.d/*.ini'
check "files are read" 0 '^command = true b$'
check "here is the directory of the included file" 0 \
    "^directory = .*/conf.d\$"
[ "$(grep '^\[program' out | tr '\n' ' ')" = \
    '[program:m] [program:a] [program:b] ' ]
result $? "they are read in the order of their names"

printf '[program:m]\ncommand = true again\n' >conf.d/c.ini
check "a later file overrides" 0 '^command = true again$'

main 'sub/*.ini conf.d/a.ini'
check "no match is a warning" 0 \
    '^main.ini:4: warning: files: no file matches "sub/\*.ini"$'

main '/nowhere/x.ini'
check "a missing file is a warning" 0 'warning: files: no file matches'

main 'a.dir'
check "a directory is refused" 1 \
    '^main.ini:4: error: files: a.dir is a directory, not a regular file$'

mkfifo fifo
main 'fifo'
check "a FIFO is refused at once" 1 \
    '^main.ini:4: error: files: fifo is a FIFO, not a regular file$'

main '*.ini'
check "a file does not include itself" 0 \
    '^main.ini:4: warning: files: main.ini is this file itself'

printf '[include]\nfiles = conf.d/a.ini\n' >sub/n.ini
main 'sub/n.ini'
check "an included file cannot include" 0 \
    '^sub/n.ini:2: warning: files: ignored; only the main file'

printf '[program:a]\ncommand = true\nzzz = 1\nstartsecs = x\n' >sub/w.ini
main 'sub/w.ini'
check "mistakes are told with the file where they are" 1 \
    '^sub/w.ini:4: error: startsecs: expected'

rm -f sub/*
i=0
while [ "$i" -lt 1000 ]; do
	printf '[program:p%d]\ncommand = true\n' "$i" >"sub/$i.ini"
	i=$((i + 1))
done
main 'sub/*.ini'
check "a thousand files are read" 0 '^\[program:p999\]$'

printf '[program:m]\ncommand = true\n' >main.ini
i=0
while [ "$i" -lt 10000 ]; do
	printf '[program:p%d]\ncommand = sleep %d\nstartsecs = 0\n' "$i" "$i"
	i=$((i + 1))
done >>main.ini
timeout 10 "$golden" --load main.ini >out 2>err && grep -q '^10001 ' out
result $? "ten thousand programs are read"
# Half a KiB a service leaves the rest of the promised 2 KiB for its state.
bytes=$(sed 's/.*, \([0-9]*\) bytes/\1/' out)
[ "${bytes:-99999999}" -lt $((10001 * 512)) ]
result $? "in less than 512 bytes each"

mkfifo main.fifo
timeout 10 "$golden" main.fifo >out 2>err
[ $? = 1 ] && grep -q 'main.fifo: error: is a FIFO' err
result $? "the main file is no FIFO either"

if [ "$(id -u)" != 0 ]; then
	chmod 0 conf.d/a.ini
	main 'conf.d/a.ini'
	check "an unreadable file is refused" 1 'a.ini cannot be read'
fi
plan
