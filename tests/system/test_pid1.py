# SPDX-License-Identifier: MIT
"""Goal: as PID 1 every orphan is reaped, and none is forgotten at the end."""
import os
import re
import signal
import time

import pytest

from harness import (descendants, lines, proc, read, status_field, wait,
                     wait_file)


def zombies(root):
    return [p for p in descendants(root) if p.state == "Z"]


# B45
@pytest.mark.limit(180)
def test_fifty_thousand_orphans_leave_no_zombie(pid1, puppet, tmp_path, slow,
                                                paths):
    """In batches under pid_max, from a service which forks them; two seconds
    after the last of them there is no zombie, and the services are as they
    were."""
    total, batch = (50000, 2000) if slow == 1 else (5000, 500)
    s = pid1("""
[program:web]
startsecs = 0
command = %s
[program:forker]
startsecs = 0
autorestart = false
command = %s
""" % (puppet("wait"), puppet(
        "repeat %d { fork { repeat %d { fork { exit 0 } } exit 0 } reap "
        "sleep-ms 10 } append %s/done yes wait" % (
            total // batch, batch, tmp_path))))
    web = s.wait_state("web", "RUNNING")
    wait_file(tmp_path / "done", 120)
    wait("no zombie", lambda: not zombies(s.pid), 2 * slow)
    st = s.status()
    assert st["web"]["pid"] == web["pid"]
    assert st["forker"]["state"] == "RUNNING"
    assert s.stop() == 0


# B12
def test_orphans_of_nobody_get_term_and_their_grace_at_the_end(
        pid1, puppet, tmp_path):
    """A daemon which left its service long ago (leftovers=leave, no cookie,
    a session of its own) writes what it must before everything ends."""
    s = pid1("[program:daemon]\nleftovers = leave\nstartsecs = 0\n"
             "autorestart = false\ncommand = "
             + puppet("fork {{ setsid clear-env on TERM {{ sleep-ms 700 "
                      "append {0}/done well exit 0 }} write-pid {0}/d wait }} "
                      "sleep-ms 100 exit 0".format(tmp_path)))
    wait_file(tmp_path / "d")
    s.wait_state("daemon", "EXITED")
    assert s.stop() == 0
    assert lines(tmp_path / "done") == ["well"]
    assert s.said("1 orphan of no known service: pid .*ending them")


def test_orphans_which_ignore_term_do_not_hold_up_the_end(pid1, puppet,
                                                          tmp_path, slow):
    s = pid1("[program:daemon]\nleftovers = leave\nstartsecs = 0\n"
             "autorestart = false\ncommand = "
             + puppet("fork {{ setsid clear-env ignore TERM write-pid {0}/d "
                      "wait }} sleep-ms 100 exit 0".format(tmp_path)))
    wait_file(tmp_path / "d")
    s.wait_state("daemon", "EXITED")
    began = time.monotonic()
    assert s.stop(deadline=30) == 0
    assert time.monotonic() - began < 10 * slow


def test_pid_1_is_not_ended_by_signals_without_a_meaning(pid1, puppet):
    """As init the kernel protects it; it must not die of a meaning which it
    gave them either."""
    s = pid1("[program:web]\nstartsecs = 0\ncommand = " + puppet("wait"))
    pid = s.wait_state("web", "RUNNING")["pid"]
    for signo in (signal.SIGPIPE, signal.SIGALRM, signal.SIGIO,
                  signal.SIGVTALRM, signal.SIGTSTP, signal.SIGTTOU):
        s.send(signo)
    assert s.service("web")["pid"] == pid


# B7
def test_a_pid_which_is_used_again_is_not_signalled(pid1, puppet, tmp_path):
    """The leader ended; its number is given to a stranger at once.  The rest
    of its tree is stopped, the stranger lives."""
    if not os.access("/proc/sys/kernel/ns_last_pid", os.W_OK):
        pytest.skip("ns_last_pid cannot be written")
    # A service of its own makes the stranger, inside the namespace.
    make = tmp_path / "make"
    make.write_text("""#!/usr/bin/python3
import os, signal, sys, time
d = sys.argv[1]
while not os.path.exists(d + "/pid"):
    time.sleep(0.01)
want = int(open(d + "/pid").read())
while os.path.exists("/proc/%d" % want):
    time.sleep(0.002)
for _ in range(2000):
    with open("/proc/sys/kernel/ns_last_pid", "w") as f:
        f.write(str(want - 1))
    pid = os.fork()
    if pid == 0:
        signal.pause()
        os._exit(0)
    if pid == want:
        break
    os.kill(pid, 9)
    os.waitpid(pid, 0)
open(d + "/victim.new", "w").write(str(pid))
os.rename(d + "/victim.new", d + "/victim")
# Its end is noted.
os.waitpid(pid, 0)
open(d + "/hit", "w").write("x")
signal.pause()
""")
    make.chmod(0o755)
    s = pid1("[program:maker]\nstartsecs = 0\ncommand = %s %s\n"
             "[program:pair]\nstartsecs = 0\nautorestart = false\n"
             "stopwaitsecs = 1\ncommand = %s\n" % (
                 make, tmp_path, puppet(
                     "fork {{ setsid ignore TERM write-pid {0}/c wait }} "
                     "write-pid {0}/pid exit-on USR1 0 wait"
                     .format(tmp_path))))
    s.wait_state("pair", "RUNNING")
    pair = int(wait_file(tmp_path / "pid"))
    wait_file(tmp_path / "c")
    s.ask("signal", names=["pair"], signal="USR1")
    victim = int(wait_file(tmp_path / "victim"))
    assert victim == pair
    s.wait_state("pair", "EXITED")
    s.ctl("restart", "pair")
    s.ctl("stop", "pair")
    assert not os.path.exists(tmp_path / "hit")
    assert s.service("maker")["state"] == "RUNNING"


HOG = """#!/usr/bin/python3
import os, signal, sys
d = sys.argv[1]
kids = []
with open("/proc/sys/kernel/pid_max", "w") as f:
    f.write("400")
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
def take():
    while True:
        try:
            pid = os.fork()
        except OSError:
            return
        if pid == 0:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGUSR1])
            signal.pause()
        kids.append(pid)
take()
open(d + "/full", "w").write("yes")
signal.sigwait([signal.SIGUSR1])
for pid in kids:
    os.kill(pid, 9)
    os.waitpid(pid, 0)
signal.pause()
"""


def has_pid_max_of_its_own():
    """Since Linux 6.14; before, it would be the machine's which is set."""
    release = re.match(r"(\d+)\.(\d+)", os.uname().release)
    return tuple(map(int, release.groups())) >= (6, 14)


# B9
@pytest.mark.limit(90)
@pytest.mark.skipif(not has_pid_max_of_its_own(),
                    reason="pid_max is the machine's")
def test_pids_which_run_out_and_come_back(pid1, puppet, tmp_path, slow):
    """A hog takes all pids of the namespace.  What is started then fails with
    words, is tried again and again, and comes up by itself when there are
    pids; sigmund answers all the time."""
    hog = tmp_path / "hog"
    hog.write_text(HOG)
    hog.chmod(0o755)
    s = pid1("[program:hog]\nstartsecs = 0\ncommand = %s %s\n"
             "[program:late]\nautostart = false\nstartsecs = 0\n"
             "startretries = 1\ncommand = %s\n" % (
                 hog, tmp_path, puppet("wait")))
    machine = read("/proc/sys/kernel/pid_max")
    wait_file(tmp_path / "full")
    assert read("/proc/sys/kernel/pid_max") == machine
    assert s.ask("start", names=["late"])["ok"]
    st = s.wait_state("late", "BACKOFF")
    assert "Resource temporarily unavailable" in st["detail"]
    # More tries than startretries: it is not the program's fault.
    s.wait_said("late: .*Resource temporarily unavailable.*next try in 4 s")
    assert s.service("hog")["state"] == "RUNNING"
    p = s.ctl("update")
    assert p.returncode == 1
    s.ask("signal", names=["hog"], signal="USR1")
    s.wait_state("late", "RUNNING")


def test_nothing_of_a_dead_pid_1_is_left(pid1, puppet, tmp_path):
    """kill -9 from outside: the kernel ends all; the next one starts."""
    s = pid1("[program:web]\nstartsecs = 0\ncommand = " + puppet("wait"))
    s.wait_state("web", "RUNNING")
    web = [p.pid for p in descendants(s.pid)]
    s.kill()
    wait("the end of all", lambda: all(proc(p) is None for p in web))
    s.launch().ready()
    s.wait_state("web", "RUNNING")


def test_it_needs_no_subreaper_as_pid_1(pid1, puppet):
    s = pid1("[program:web]\nstartsecs = 0\ncommand = " + puppet("wait"))
    s.wait_state("web", "RUNNING")
    assert status_field(s.pid, "NSpid").split()[-1] == "1"
    assert not s.said("cannot become")
