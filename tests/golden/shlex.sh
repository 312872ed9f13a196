#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Goal: commands are split as Python's shlex.split() splits them, over some
# thousand texts made of what matters to it.
. "${0%/*}/common.sh"
python=/usr/bin/python3
[ -x "$python" ] || skip "no python3"

"$python" - "$golden" <<'PYTHON'
import random
import shlex
import subprocess
import sys

random.seed(20)
ALPHABET = ["a", "b", " ", " ", "'", '"', "\\", "#", "\n", "\t", "$", ";",
            "\r", "\v", "=", "\u00e4"]
texts = ["".join(random.choice(ALPHABET) for _ in range(random.randint(0, 14)))
         for _ in range(5000)]
ours = subprocess.run([sys.argv[1], "--split"], check=True,
                      input="".join(t + "\0" for t in texts).encode(),
                      stdout=subprocess.PIPE).stdout.decode().split("\1")
bad = 0
for text, got in zip(texts, ours):
    try:
        want = "".join(word + "\0" for word in
                       shlex.split(text, comments=False, posix=True))
    except ValueError:
        want = "!"
    if got != want:
        bad += 1
        print("# %r: %r, not %r" % (text, got, want))
sys.exit(bad > 0 or len(ours) != len(texts) + 1)
PYTHON
result $? "as Python splits them"
plan
