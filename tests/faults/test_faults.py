# SPDX-License-Identifier: MIT
"""Goal: no failed call, and no failed allocation, ends sigmund or a service
that was well; where it cannot start, it says why.

For each kind of call, the n-th one fails, for every n (in `make check' for
some of them, spread evenly) up to where there are no more, while sigmund is
taken through a life: start, crash, update, commands, end.
"""
import os
import signal
import time

import pytest

from harness import (DEADLINE_S, descendants, end_all, read, wait, wait_gone,
                     wait_pid)

CALLS = ["fork", "pipe2", "socket", "bind", "listen", "accept4", "send",
         "recv", "read", "write", "open", "ftruncate", "rename", "mkdir",
         "mmap", "epoll_create1", "epoll_ctl", "malloc"]
# So many of them in `make check'.
POINTS = 24


def text(puppet, *names):
    return "".join("[program:%s]\nstartsecs = 0\nautorestart = true\n"
                   "command = %s\n" % (name, puppet("wait"))
                   for name in names)


def insist(s, command, **fields):
    """One request, again if its client was let go for want of means."""
    def once():
        assert s.process.poll() is None, "sigmund ended"
        try:
            return s.ask(command, **fields)
        except (OSError, ValueError):
            return None
    return wait("an answer to " + command, once, step=0.05)


def up(s, *names):
    """Until these run, and no others; return their pids."""
    def look():
        reply = insist(s, "status")
        if not reply["ok"]:
            return None
        st = {x["name"]: x for x in reply["services"]}
        good = set(st) == set(names) and all(
            x["state"] == "RUNNING" for x in st.values())
        return good and {n: x["pid"] for n, x in st.items()}
    return wait("%s RUNNING" % (names,), look, step=0.02)


def begin(s):
    """Launch.  True if it runs, False if it said why it cannot."""
    s.launch()

    def decided():
        if s.process.poll() is not None:
            return "ended"
        try:
            return s.ask("version")
        except (OSError, ValueError):
            return None
    if wait("a start or an end", decided, step=0.01) != "ended":
        return True
    assert s.process.returncode == 1
    assert s.log().strip(), "it does not say why"
    assert not descendants(os.getpid()), "it left something behind"
    return False


def live(s, puppet):
    """A life.  What was well stays well."""
    pids = up(s, "well", "other")
    os.kill(pids["other"], signal.SIGKILL)
    wait("a new one", lambda: up(s, "well", "other")["other"]
         != pids["other"])
    s.write(text(puppet, "well", "third"))
    wait("an update", lambda: insist(s, "update")["ok"], step=0.05)
    assert up(s, "well", "third")["well"] == pids["well"]
    wait("a stop", lambda: insist(s, "stop", names=["third"])["ok"])
    wait("a start", lambda: insist(s, "start", names=["third"])["ok"])
    s.write("[program:broken\n")
    assert not insist(s, "update")["ok"]
    s.send(signal.SIGHUP)
    s.send(signal.SIGUSR1)
    s.send(signal.SIGUSR2)
    assert up(s, "well", "third")["well"] == pids["well"]


def attempt(s, puppet):
    """One life, and its end."""
    if os.path.exists(s.log_path):
        os.unlink(s.log_path)
    s.write(text(puppet, "well", "other"))
    if begin(s):
        live(s, puppet)
        s.send(signal.SIGTERM)
        assert s.exit_code() == 0
    assert not [p for p in descendants(os.getpid()) if not p.ended]
    end_all()


@pytest.mark.limit(400)
@pytest.mark.parametrize("call", CALLS)
def test_the_nth_call_may_fail(call, prepare, puppet, preload, paths,
                               have_soak, tmp_path):
    if call == "malloc" and paths.sanitizers:
        pytest.skip("the sanitizer has a malloc of its own")
    count = tmp_path / "count"
    s = prepare(env=preload(FAILING=call + ":0", FAILING_COUNT=str(count)))
    # What libev cannot listen to it tells only when something else wakes it.
    s.patience = 1
    attempt(s, puppet)
    total = int(read(count))
    assert total > 0 or call in ("mkdir", "write"), "%s is never called" % call
    step = 1 if have_soak else max(1, total // POINTS)
    # A little beyond: a failure makes more calls.
    only = os.environ.get("FAULT_N")
    for n in [int(only)] if only else range(1, total + 3, step):
        s.env["FAILING"] = "%s:%d" % (call, n)
        try:
            attempt(s, puppet)
        except AssertionError as e:
            raise AssertionError("%s:%d: %s" % (call, n, e)) from e


# B8, B9
@pytest.mark.parametrize("call", ["fork", "pipe2"])
def test_what_fails_for_a_while_is_tried_again(call, start, puppet, preload,
                                               tmp_path, slow):
    """A service which ends meanwhile is not given up, whatever startretries
    says; sigmund answers, and no signal goes to a process which is none."""
    fault = tmp_path / "fault"
    s = start("[program:web]\nstartsecs = 0\nstartretries = 0\ncommand = %s\n"
              "[program:well]\nstartsecs = 0\ncommand = %s\n"
              % (puppet("wait"), puppet("wait")),
              env=preload(FAILING="%s@%s" % (call, fault)))
    pids = s.wait_all()
    fault.touch()
    os.kill(pids["web"], signal.SIGKILL)
    s.wait_state("web", "BACKOFF")
    s.wait_said("web: .*next try in 2 s")
    # A stop and a signal of what has no process.
    assert s.ctl("signal", "TERM", "web").returncode == 1
    assert s.ctl("stop", "web").returncode == 0
    assert s.ctl("start", "--no-wait", "web").returncode == 0
    assert s.ctl("update").returncode == 1
    s.wait_state("web", "BACKOFF")
    fault.unlink()
    s.wait_state("web", "RUNNING")
    assert s.pids()["well"] == pids["well"]


# B23
@pytest.mark.parametrize("jump", [86400, -86400])
def test_delays_are_as_they_were_when_the_clock_jumps(
        jump, start, puppet, preload, tmp_path, slow):
    """By a day, during startsecs, backoff and grace."""
    clock = tmp_path / "clock"
    s = start("""
[program:bad]
startretries = 2
command = %s
[program:slow]
startsecs = 2
command = %s
[program:hard]
startsecs = 0
stopwaitsecs = 1
command = %s
""" % (puppet("stamp %s/t exit 1" % tmp_path), puppet("wait"),
            puppet("ignore TERM write-pid %s/hard wait" % tmp_path)),
        env=preload(FAILING_CLOCK=str(clock)))
    began = time.monotonic()
    s.wait_state("bad", "BACKOFF")
    pid = wait_pid(tmp_path / "hard")
    s.ask("stop", names=["hard"])
    stopped = time.monotonic()
    s.wait_said("hard: stopping")
    clock.write_text("%d\n" % jump)
    wait_gone(pid)
    assert 1 <= time.monotonic() - stopped < 1 + 0.5 * slow
    s.wait_state("slow", "RUNNING")
    assert 2 <= time.monotonic() - began + 0.1 < 2.5 + 0.5 * slow
    s.wait_state("bad", "FATAL")
    first, second, third = map(int, read(tmp_path / "t").split())
    # How long an exec takes is not the question here: a day would show.
    assert 990 <= second - first <= 2000 * slow
    assert 1990 <= third - second <= 3000 * slow
    years = {line.split("T")[0] for line in s.log().splitlines()}
    assert len(years) > 1, "the clock did not jump"


# I1, B31
def test_a_stop_while_the_exec_takes_long_ends_it(start, puppet, preload,
                                                  slow):
    """The pid is known from the fork on: what hangs before or in its exec
    can be stopped, and startsecs does not count yet."""
    s = start("[program:web]\nstartsecs = 100ms\nstopwaitsecs = 1\n"
              "command = " + puppet("wait"),
              env=preload(FAILING_EXEC_MS="600000"))
    st = s.wait_state("web", "STARTING")
    assert "not executed yet" in st["detail"]
    pid = wait("its pid", lambda: s.service("web")["pid"])
    began = time.monotonic()
    assert s.ctl("stop", "web").returncode == 0
    assert time.monotonic() - began < 1 + 0.5 * slow
    wait_gone(pid)
    assert s.ctl("start", "--no-wait", "web").returncode == 0
    s.wait_state("web", "STARTING")
    assert s.stop(deadline=DEADLINE_S) == 0


def test_startsecs_counts_from_the_exec(start, puppet, preload, slow):
    """An exec of 700 ms is no part of a startsecs of 500 ms."""
    s = start("[program:web]\nstartsecs = 500ms\ncommand = " + puppet("wait"),
              env=preload(FAILING_EXEC_MS="700"))
    s.wait_state("web", "RUNNING")
    assert s.service("web")["uptime_ms"] >= 1150
