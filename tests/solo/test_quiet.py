# SPDX-License-Identifier: MIT
"""What sigmund costs while nothing happens."""
import re
import shutil
import signal
import subprocess
import time

import pytest

import rig

LIMIT_KB = 500


def pss_kb(pid):
    text = rig.read("/proc/%d/smaps_rollup" % pid)
    return int(re.search(r"^Pss:\s+(\d+) kB", text, re.M).group(1))


def asleep(pid):
    """Wait until ${pid} waits for signals and does nothing else."""
    before = rig.switches(pid)

    def same():
        nonlocal before
        time.sleep(0.1)
        now = rig.switches(pid)
        same = now == before and rig.state(pid) == "S"
        before = now
        return same
    rig.wait("quiet", same)


@pytest.mark.limit(120)
def test_it_does_not_wake_up_by_itself(solo, soak):
    r = solo.start("--", "sleep", "600")
    pid = r.pid
    asleep(pid)
    before = rig.switches(pid)
    time.sleep(70 if soak else 3)
    assert rig.switches(pid) == before
    r.kill(signal.SIGTERM)
    assert r.end() == 143


def test_it_sleeps_without_a_limit(plain, paths):
    """No wake-up once a minute either, which a short look cannot see."""
    strace = shutil.which("strace")
    if strace is None or paths.sanitizers:
        pytest.skip("no strace, or a sanitizer")
    p = plain.run("--", "sleep", "0.3", launcher=[strace, "-e", "signal=none"])
    after = p.stderr[p.stderr.index("clone"):]
    waits = [line for line in after.splitlines() if re.match(
        r"(read|p?poll|p?select6?|epoll_p?wait2?|nanosleep|clock_\w+)\(", line)]
    assert waits and all(line.startswith("read(") for line in waits)


def test_it_is_small(solo):
    """Less than 500 KiB, and less than catatonit where that is there."""
    if solo.paths.sanitizers:
        pytest.skip("a sanitizer is not small")
    libraries = subprocess.run(["ldd", solo.paths.sigmund], text=True,
                               capture_output=True, check=False).stdout
    if "libev" in libraries or "jansson" in libraries:
        pytest.skip("built without the archives of its libraries")
    r = solo.start("--", "sleep", "600")
    asleep(r.pid)
    ours = pss_kb(r.pid)
    assert ours < LIMIT_KB
    catatonit = shutil.which("catatonit")
    if catatonit is not None:
        with subprocess.Popen([catatonit, "--", "sleep", "600"]) as p:
            rig.wait("catatonit", lambda: rig.children(p.pid))
            asleep(p.pid)
            theirs = pss_kb(p.pid)
            p.send_signal(signal.SIGTERM)
        assert ours < theirs
    r.kill(signal.SIGTERM)
    assert r.end() == 143
