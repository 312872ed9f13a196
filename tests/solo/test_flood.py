# SPDX-License-Identifier: MIT
"""Signals at full speed, and starts and stops of PID 1 under load."""
import os
import re
import signal
import subprocess
import time

import pytest

import rig

SENDERS = 3


@pytest.mark.limit(300)
@pytest.mark.parametrize("options", [(), ("-g",)])
def test_100000_signals_from_three_senders_all_arrive(
        solo, recorder, tmp_path, options):
    """Real-time signals each and in the order of their sender; of USR1,
    which coalesces, one at least after the last that was sent."""
    each = 100000 // SENDERS // 2
    path = tmp_path / "flood"
    r = solo.start(*options, "--", recorder, "flood", path, each * SENDERS)
    rig.wait_text(path, "ready")
    senders = [subprocess.Popen(
        [recorder, "send", str(r.pid), str(n), str(each)],
        stdout=subprocess.PIPE, text=True) for n in range(1, SENDERS + 1)]
    sent = [int(s.communicate(timeout=200)[0].split()[1]) for s in senders]
    assert [s.returncode for s in senders] == [0] * SENDERS
    assert r.end(100) == 0
    text = rig.read(path)
    assert "surprise" not in text
    values = [int(v) for v in re.findall(r"^\d+$", text, re.M)]
    for n in range(1, SENDERS + 1):
        assert [v - n * 1000000 for v in values if v // 1000000 == n] == \
            list(range(each))
    assert int(re.search(r"usr1 (\d+)", text).group(1)) >= max(sent)


@pytest.mark.limit(600)
def test_starts_and_stops_of_pid_1_under_load(pid1, soak):
    """No hang and no wrong code, whatever the moment of the stop."""
    rounds = 1000 if soak else 50
    load = [subprocess.Popen(["sh", "-c", "while :; do :; done"])
            for _ in range(os.cpu_count() or 2)]
    try:
        for i in range(rounds):
            r = pid1.start("--", "sh", "-c", "sleep 600 & exit %d" % (i % 64)
                           if i % 2 else "exec sleep 600")
            if i % 2 == 0:
                if i % 4:
                    time.sleep(i % 7 / 500)
                r.kill(signal.SIGTERM)
            assert r.end() == (i % 64 if i % 2 else 143)
    finally:
        for p in load:
            p.kill()
            p.wait()


def test_a_storm_of_messages_nobody_reads_does_not_block(solo):
    """-vv into a full pipe: the signals go on all the same."""
    a, b = os.pipe()
    r = solo.start("-vv", "--", "sh", "-c", "trap : USR1; trap 'exit 3' TERM;"
                   "echo up; while :; do sleep 0.02; done",
                   stdout=subprocess.PIPE, stderr=b)
    try:
        assert r.popen.stdout.readline() == b"up\n"
        pid = r.pid
        for _ in range(20000):
            os.kill(pid, signal.SIGUSR1)
        os.kill(pid, signal.SIGTERM)
        assert r.end() == 3
    finally:
        os.close(a)
        os.close(b)
