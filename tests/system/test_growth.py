# SPDX-License-Identifier: MIT
"""Goal: what happens to one service costs the same in a fleet of any size."""
import os
import shutil
import signal
import subprocess

import pytest

from harness import wait

FLEET = """
[program:many]
command = sleep 1000
process_name = many_%%(process_num)04d
numprocs = %d
startsecs = 0
autorestart = true
"""

CRASHES = 5


def calls(table):
    """{system call: how often}, as strace -c counts them."""
    found = {}
    for line in table.splitlines():
        words = line.split()
        if len(words) >= 5 and words[3].isdigit() and words[-1] != "total":
            found[words[-1]] = int(words[3])
    return found


def crash_calls(s, pids, directory):
    """What sigmund asks of the kernel while some services are killed."""
    table = os.path.join(str(directory), "calls")
    tracer = subprocess.Popen(
        ["strace", "-c", "-o", table, "-p", str(s.pid)],
        stderr=subprocess.PIPE, text=True)
    if "attached" not in tracer.stderr.readline():
        tracer.wait()
        pytest.skip("strace may not attach here")
    for pid in pids:
        # By the log: a request would be counted too.
        before = len(s.said("RUNNING"))
        os.kill(pid, signal.SIGKILL)
        wait("RUNNING in the log",
             lambda n=before: len(s.said("RUNNING")) > n)
    tracer.send_signal(signal.SIGINT)
    tracer.communicate()
    with open(table, encoding="utf-8") as f:
        return calls(f.read())


def fleet_calls(start, directory, count, slow):
    s = start(FLEET % count)
    pids = s.wait_all("RUNNING", 60 * slow)
    chosen = sorted(pids)[:: count // CRASHES][:CRASHES]
    got = crash_calls(s, [pids[name] for name in chosen], directory)
    assert s.stop(deadline=60 * slow) == 0
    return got


@pytest.mark.limit(120)
def test_a_restart_takes_as_many_calls_among_500_as_among_10(
        start, tmp_path, slow, paths):
    if shutil.which("strace") is None or paths.sanitizers:
        pytest.skip("needs strace, and a plain build")
    few = fleet_calls(start, tmp_path, 10, slow)
    many = fleet_calls(start, tmp_path, 500, slow)
    assert few["wait4"] >= CRASHES
    # The list of our children is read in pieces of 4 KiB, and the loop wakes
    # once more or less than that, as it happens.
    assert many.pop("read") - few.pop("read") <= 2 * CRASHES
    for name in set(few) | set(many):
        assert abs(many.get(name, 0) - few.get(name, 0)) <= 2 * CRASHES, \
            "%s: %r, %r" % (name, few, many)
    total = sum(few.values()) / CRASHES
    assert total < 80, "%.0f calls a restart: %r" % (total, few)
