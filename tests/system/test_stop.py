# SPDX-License-Identifier: MIT
"""Goal: every stop ends, for the whole tree, and not a moment too early."""
import os
import random
import signal
import time

import pytest

from harness import (alive, descendants, lines, proc, wait, wait_file,
                     wait_gone, wait_pid)


def timed(what):
    began = time.monotonic()
    what()
    return time.monotonic() - began


def best_of(attempts, measure, low, high):
    """What is measured lies in its bounds once; it is never too short."""
    seen = []
    for _ in range(attempts):
        seen.append(measure())
        assert seen[-1] >= low, seen
        if seen[-1] <= high:
            return
    raise AssertionError("expected %g to %g, saw %r" % (low, high, seen))


STUBBORN = """
[program:stubborn]
command = %s
stopwaitsecs = 2
startsecs = 0
"""


# B13, B14
def test_a_stubborn_tree_dies_of_sigkill_after_its_grace(start, puppet,
                                                         tmp_path, slow):
    """It ignores TERM; its child and a grandchild, which called setsid and
    cleared its environment, do so as well."""
    s = start(STUBBORN % puppet(
        "ignore TERM fork {{ write-pid {0}/child fork {{ setsid clear-env "
        "write-pid {0}/grandchild wait }} wait }} write-pid {0}/main wait"
        .format(tmp_path)))

    def measure():
        for name in ("main", "child", "grandchild"):
            wait_file(tmp_path / name)
        pids = [wait_pid(tmp_path / n)
                for n in ("main", "child", "grandchild")]
        assert all(map(alive, pids))
        assert proc(pids[2]).sid == pids[2]

        def stop():
            assert s.ask("stop", names=["stubborn"])["ok"]
            wait("the end of the tree",
                 lambda: not any(map(alive, pids)), step=0.001)
        took = timed(stop)
        s.wait_state("stubborn", "STOPPED")
        for name in ("main", "child", "grandchild"):
            os.unlink(tmp_path / name)
        s.ask("start", names=["stubborn"])
        return took
    best_of(3, measure, 2.0, 2.3 if slow == 1 else 4)
    assert s.said("TERM had no effect in 2.* SIGKILL to 3 processes")


# B15
def test_a_stopped_service_stops_at_once(start, puppet, tmp_path, slow):
    """SIGSTOP of the service: TERM is followed by CONT."""
    s = start("[program:frozen]\nstartsecs = 0\ncommand = "
              + puppet("exit-on TERM 0 write-pid %s/pid wait" % tmp_path))
    pid = wait_pid(tmp_path / "pid")
    os.kill(pid, signal.SIGSTOP)
    wait("it is stopped", lambda: proc(pid).state == "T")
    took = timed(lambda: s.ctl("stop", "frozen"))
    assert s.service("frozen")["exit"] == {"code": 0}
    assert took < 1 * slow


# B13
@pytest.mark.parametrize("env", ["", "setsid", "setsid clear-env"])
def test_a_leader_which_ends_on_term_does_not_save_its_group(
        start, puppet, tmp_path, env, slow):
    """The leader goes at once, its child ignores TERM: it is killed when the
    grace is over, and the service is STOPPING until then."""
    s = start("[program:pair]\nstopwaitsecs = 1\nstartsecs = 0\ncommand = "
              + puppet("exit-on TERM 0 fork { ignore TERM %s write-pid %s/c "
                       "wait } wait" % (env, tmp_path)))
    s.wait_state("pair", "RUNNING")
    child = wait_pid(tmp_path / "c")
    took = timed(lambda: s.ctl("stop", "pair"))
    assert not alive(child)
    assert s.service("pair")["state"] == "STOPPED"
    assert 1.0 <= took < 1.5 * slow
    assert s.said("pair: stopped: exit 0, and what it left behind is gone")


def test_what_the_leader_left_gets_the_same_signal_and_its_grace(
        start, puppet, tmp_path):
    """It may end in its own way: that is what grace is for."""
    s = start("[program:pair]\nstopwaitsecs = 20\nstartsecs = 0\ncommand = "
              + puppet("exit-on TERM 0 fork {{ on TERM {{ append {0}/done well "
                       "exit 0 }} write-pid {0}/c wait }} wait"
                       .format(tmp_path)))
    s.wait_state("pair", "RUNNING")
    wait_pid(tmp_path / "c")
    assert s.ctl("stop", "pair").returncode == 0
    assert lines(tmp_path / "done") == ["well"]


def test_stopasgroup_sends_to_the_group(start, puppet, tmp_path):
    """The child gets the stop signal although the leader lives on."""
    s = start("[program:pair]\nstopasgroup = true\nstopwaitsecs = 20\n"
              "startsecs = 0\ncommand = "
              + puppet("ignore TERM fork {{ on TERM {{ append {0}/done well "
                       "exit 0 }} write-pid {0}/c wait }} write-pid {0}/m "
                       "reap exit 0".format(tmp_path)))
    s.wait_state("pair", "RUNNING")
    wait_pid(tmp_path / "c")
    assert s.ctl("stop", "pair").returncode == 0
    assert lines(tmp_path / "done") == ["well"]


@pytest.mark.parametrize("asgroup", [False, True])
def test_leftovers_leave_keeps_the_child_alive(start, puppet, tmp_path,
                                               asgroup):
    """STOPPED means then that the main process is gone.  An explicit
    killasgroup ends the group when it comes to SIGKILL."""
    s = start("[program:pair]\nleftovers = leave\nstopwaitsecs = 300ms\n"
              "killasgroup = %s\nstartsecs = 0\ncommand = " % asgroup
              + puppet("ignore TERM fork { ignore TERM write-pid %s/c wait } "
                       "wait" % tmp_path))
    s.wait_state("pair", "RUNNING")
    child = wait_pid(tmp_path / "c")
    assert s.ctl("stop", "pair").returncode == 0
    if asgroup:
        wait_gone(child)
        return
    assert alive(child)
    assert s.wait_said("pair: left 1 process behind, which stays: pid %d "
                       % child)


# B17
def test_a_grandchild_which_holds_everything_open_hides_no_exit(
        start, puppet, tmp_path):
    """The exit is known from wait(2) alone: the child still has stdout and
    all else, and the service is started again all the same."""
    s = start("[program:late]\nleftovers = leave\nautorestart = true\n"
              "startsecs = 0\ncommand = "
              + puppet("fork {{ setsid wait }} stamp {0}/starts exit-on USR1 1 "
                       "wait".format(tmp_path)))
    old = s.wait_state("late", "RUNNING")["pid"]
    wait("it runs", lambda: lines(tmp_path / "starts"))
    s.ask("signal", names=["late"], signal="USR1")
    s.wait_new_pid("late", old)
    s.wait_said("late: left 1 process behind")


# B16
def test_the_end_of_another_is_not_taken_for_this_one(start, puppet,
                                                      tmp_path, slow):
    """A ignores TERM while B restarts all the time: A is killed in time."""
    s = start("[program:a]\nstopwaitsecs = 1\nstartsecs = 0\ncommand = "
              + puppet("ignore TERM write-pid %s/a wait" % tmp_path)
              + "\n[program:b]\nstartsecs = 0\nautorestart = true\ncommand = "
              + puppet("sleep-ms 50"))
    pid = wait_pid(tmp_path / "a")
    took = timed(lambda: s.ctl("stop", "a"))
    assert not alive(pid)
    assert 1.0 <= took < 1.5 * slow
    assert s.service("a")["exit"] == {"signal": "KILL"}


# B30, B37
def test_a_stop_during_backoff_cancels_the_start(start, slow):
    s = start("[program:bad]\ncommand = /bin/false\nstartretries = 100\n")
    s.wait_state("bad", "BACKOFF")
    assert timed(lambda: s.ctl("stop", "bad")) < 1 * slow
    assert s.service("bad")["state"] == "STOPPED"
    starts = len(s.said(r"bad: started"))
    # Longer than the wait would have been, by the clock of the service.
    s.ask("start", names=["bad"])
    s.wait_state("bad", "BACKOFF")
    assert len(s.said(r"bad: started")) == starts + 1


# B30
@pytest.mark.limit(120)
def test_a_stop_at_any_moment_ends_in_stopped(start, puppet, slow):
    """Start, stop and restart at random moments of start, backoff and stop:
    after the last stop there is neither process nor start to come."""
    seed = random.randrange(1 << 30)
    print("seed", seed)
    rng = random.Random(seed)
    s = start("""
[program:any]
command = %s
process_name = any_%%(process_num)d
numprocs = 8
startsecs = 20ms
stopwaitsecs = 50ms
startretries = 1000
autorestart = true
""" % puppet("fork { ignore TERM sleep-ms 300 } sleep-ms 15 exit 1"))
    end = time.monotonic() + 5
    while time.monotonic() < end:
        verb = rng.choice(["start", "stop", "restart"])
        name = "any:any_%d" % rng.randrange(8)
        assert s.ask(verb, names=[name])["ok"]
        time.sleep(rng.random() * 0.01)  # Any moment, that is the point.
    s.ctl("stop", "all", timeout=60 * slow)
    s.wait_all("STOPPED")
    assert all(pid is None for pid in s.pids().values())
    wait("no process", lambda: not descendants(s.pid))
    starts = len(s.said(": started"))
    s.wait_status("all down for a while", lambda st: all(
        x["state"] == "STOPPED" for x in st.values()) and
        time.monotonic() > end + 2)
    assert len(s.said(": started")) == starts


# I3
def test_sigkill_goes_on_for_what_is_forked_meanwhile(start, puppet,
                                                      tmp_path, slow):
    """A tree which forks all the time, and ignores TERM, is caught."""
    s = start("[program:bomb]\nstopwaitsecs = 200ms\nstartsecs = 0\ncommand = "
              + puppet("ignore TERM repeat 3 { fork { repeat 100000 { fork "
                       "{ setsid sleep-ms 30 } sleep-ms 5 } } } wait"))
    s.wait_state("bomb", "RUNNING")
    wait("it forks", lambda: len(descendants(s.pid)) > 10)
    assert s.ctl("stop", "bomb").returncode == 0
    wait("no process", lambda: not descendants(s.pid), 5 * slow)
