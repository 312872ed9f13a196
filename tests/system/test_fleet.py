# SPDX-License-Identifier: MIT
"""Goal: a thousand services are no special case, and idle costs nothing."""
import os
import re
import signal
import time

import pytest

from harness import alive, descendants, proc, status_field, wait

# A sanitizer makes the same of fewer.
MANY = 300 if os.environ.get("SANITIZERS") == "yes" else 1000

FLEET = """
[program:many]
command = sleep 1000
process_name = many_%%(process_num)04d
numprocs = %d
startsecs = 1
"""


def switches(pid):
    return sum(int(status_field(pid, name)) for name in
               ("voluntary_ctxt_switches", "nonvoluntary_ctxt_switches"))


def still(pid):
    """Its last client has been let go of: wait until nothing moves."""
    seen = []

    def same():
        seen.append(switches(pid))
        return len(seen) > 1 and seen[-1] == seen[-2]
    wait("nothing to do", same, step=0.2)


def gone(pids):
    return lambda: not any(alive(pid) for pid in pids)


@pytest.mark.limit(120)
def test_a_thousand_start_idle_come_back_and_go(start, slow):
    s = start(FLEET % MANY)
    pids = s.wait_all("RUNNING", 30 * slow)
    assert len(set(pids.values())) == MANY

    # Nothing wakes it: not once in ten seconds.
    still(s.pid)
    before = switches(s.pid), proc(s.pid).ticks
    time.sleep(10)  # This is the measurement, not a wait for something.
    assert (switches(s.pid), proc(s.pid).ticks) == before

    names = sorted(pids)[:: MANY // 100][:100]
    for name in names:
        os.kill(pids[name], signal.SIGKILL)
    s.wait_status("100 new pids", lambda st: all(
        st[n]["pid"] not in (None, pids[n]) for n in names), 20 * slow)
    now = s.wait_all("RUNNING", 20 * slow)
    assert {n for n in pids if pids[n] != now[n]} == set(names)

    began = time.monotonic()
    assert s.stop(deadline=30 * slow) == 0
    took = time.monotonic() - began
    assert gone(now.values())()
    assert took < 2 * slow, "%.2f s" % took


@pytest.mark.limit(300)
def test_ten_thousand_are_the_same(start, have_soak, slow):
    """The same with 10,000, for `make soak': SIGMUND_SOAK=yes."""
    if not have_soak:
        pytest.skip("10,000 services are for make soak")
    s = start(FLEET % 10000)
    pids = s.wait_all("RUNNING", 120 * slow)
    still(s.pid)
    before = switches(s.pid)
    time.sleep(10)  # This is the measurement.
    assert switches(s.pid) == before
    names = sorted(pids)[::10]
    for name in names:
        os.kill(pids[name], signal.SIGKILL)
    s.wait_status("1000 new pids", lambda st: all(
        st[n]["pid"] not in (None, pids[n]) for n in names), 60 * slow)
    s.wait_all("RUNNING", 60 * slow)
    began = time.monotonic()
    assert s.stop(deadline=120 * slow) == 0
    assert time.monotonic() - began < 20 * slow


ORPHANS = """
[program:three]
command = %s
process_name = three_%%(process_num)04d
numprocs = %d
startsecs = 0
autorestart = false
stopwaitsecs = 60
"""


def with_orphans(start, puppet, slow):
    """1000 services, each with an orphan; return the pids of both."""
    s = start(ORPHANS % (
        puppet("on USR1 { exit 3 } fork { fork { wait } } wait"), MANY))
    pids = s.wait_all("RUNNING", 60 * slow)
    mains = set(pids.values())

    def orphans():
        found = {p.pid for p in descendants(s.pid) if not p.ended} - mains
        return len(found) == MANY and found
    return s, mains, wait("an orphan of each", orphans, 30 * slow)


# B6
@pytest.mark.limit(120)
def test_every_status_of_a_thousand_exits_arrives(start, puppet, slow):
    """1000 services exit 3 at once, and 1000 orphans end with them: each
    status is 3 all the same, and no zombie stays."""
    s, mains, orphans = with_orphans(start, puppet, slow)
    os.kill(s.pid, signal.SIGSTOP)
    for pid in mains:
        os.kill(pid, signal.SIGUSR1)
    for pid in orphans:
        os.kill(pid, signal.SIGKILL)
    wait("all ended", gone(mains | orphans), 30 * slow)
    os.kill(s.pid, signal.SIGCONT)
    began = time.monotonic()
    s.wait_all("EXITED", 30 * slow)
    took = time.monotonic() - began
    exits = {str(st["exit"]) for st in s.status().values()}
    assert exits == {str({"code": 3})}
    wait("no zombie", lambda: not descendants(s.pid))
    assert took < 2 * slow, "%.2f s" % took


@pytest.mark.limit(120)
def test_a_thousand_leftovers_are_found_and_ended(start, puppet, slow):
    """The same, but the orphans live on: each is its service's to end, and
    to tell whose is whose must not take the square of a thousand."""
    s, mains, orphans = with_orphans(start, puppet, slow)
    began = time.monotonic()
    for pid in mains:
        os.kill(pid, signal.SIGUSR1)
    s.wait_all("EXITED", 60 * slow)
    took = time.monotonic() - began
    assert gone(orphans)()
    assert {str(st["exit"]) for st in s.status().values()} == \
        {str({"code": 3})}
    assert took < 5 * slow, "%.2f s" % took


# B1
def test_fifty_deaths_under_one_signal_are_fifty(start, puppet, slow):
    """SIGSTOP the supervisor, kill 50 services, SIGCONT: all restarted."""
    s = start("""
[program:many]
command = %s
process_name = many_%%(process_num)02d
numprocs = 50
startsecs = 0
""" % puppet("wait"))
    pids = s.wait_all("RUNNING", 30 * slow)
    os.kill(s.pid, signal.SIGSTOP)
    for pid in pids.values():
        os.kill(pid, signal.SIGKILL)
    wait("all ended", gone(pids.values()))
    os.kill(s.pid, signal.SIGCONT)
    s.wait_status("50 new pids", lambda st: all(
        st[n]["pid"] not in (None, pids[n]) for n in st), 20 * slow)
    assert all(st["restarts"] == 1 for st in s.status().values())
    assert len(s.said(r"killed by KILL")) == 50


# B44
def test_what_ends_at_once_is_seen_exactly_once(start, slow):
    """Processes which have ended before their pid can be noted."""
    count = 500
    s = start("""
[program:quick]
command = /bin/true
process_name = quick_%%(process_num)03d
numprocs = %d
startsecs = 0
autorestart = false
""" % count)
    s.wait_all("EXITED", 60 * slow)
    started = s.said(r"started \(pid")
    ended = s.said(r"exit 0 after .*, as expected; not restarted")
    assert (len(started), len(ended)) == (count, count)
    pids = {re.search(r"pid (\d+)", line).group(1) for line in started}
    assert len(pids) == count


# B45, B46
def test_each_service_is_known_by_its_own_name(start, slow):
    """The table of services has neither a first nor a last one too many."""
    s = start(FLEET % 100)
    s.wait_all("RUNNING", 30 * slow)
    for name in ("many:many_0000", "many:many_0099"):
        p = s.ctl("stop", name)
        assert p.returncode == 0, p.stderr
    states = s.states()
    assert sum(state == "STOPPED" for state in states.values()) == 2
    assert s.ctl("stop", "many:many_0100").returncode == 4
