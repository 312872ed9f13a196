# SPDX-License-Identifier: MIT
"""Goal: nothing runs twice, whoever starts sigmund how often."""
import os
import signal
import subprocess
import time

import pytest

from harness import alive, wait, wait_pid


@pytest.fixture
def web(start, puppet):
    s = start("[program:web]\nstartsecs = 0\ncommand = " + puppet("wait"))
    s.wait_state("web", "RUNNING")
    return s


def another(s):
    """One more sigmund on the same file; its code and what it said."""
    return subprocess.run(s.command(), env=s.environment(), cwd=s.dir,
                          stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, timeout=30, check=False)


def test_the_second_exits_1_and_names_the_first(web):
    """The first notices nothing: neither its socket nor its services."""
    pid = web.service("web")["pid"]
    inode = os.stat(web.socket).st_ino
    log = web.log()
    p = another(web)
    assert p.returncode == 1
    assert "sigmund is running already, as pid %d" % web.pid in p.stderr
    assert web.log() == log
    assert os.stat(web.socket).st_ino == inode
    assert web.service("web")["pid"] == pid
    assert web.said(": started") and len(web.said(": started")) == 1


# B24
@pytest.mark.parametrize("stale", [False, True])
def test_of_two_started_at_once_exactly_one_wins(prepare, puppet, stale):
    """Also where a dead one has left its socket and its lock file."""
    s = prepare("[program:web]\nstartsecs = 0\ncommand = " + puppet("wait"))
    if stale:
        s.launch().ready()
        s.ctl("stop", "all")
        s.kill()
        assert os.path.exists(s.socket)
    for _ in range(5):
        with open(s.log_path, "ab") as log:
            both = [subprocess.Popen(
                s.command(), env=s.environment(), cwd=s.dir,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
                for _ in range(3)]
        wait("two losers", lambda: sum(
            p.poll() is not None for p in both) == 2)
        winner = [p for p in both if p.poll() is None][0]
        assert all(p.returncode == 1 for p in both if p is not winner)
        s.process = winner
        s.ready().wait_state("web", "RUNNING")
        assert s.ask("version")["pid"] == winner.pid
        winner.send_signal(signal.SIGTERM)
        assert winner.wait(20) == 0


# B20, B21
def test_after_kill_9_the_next_refuses_and_names_what_lives(web):
    """What it supervised lives on; the next does not start a second one."""
    pid = web.service("web")["pid"]
    web.kill()
    assert alive(pid)
    p = another(web)
    assert p.returncode == 1
    assert "left running: web (pid %d)" % pid in p.stderr
    assert "--takeover=stop" in p.stderr
    assert alive(pid)
    # Once it is gone, all is well again.
    os.kill(pid, signal.SIGKILL)
    web.launch().ready()
    assert web.wait_state("web", "RUNNING")["pid"] != pid


# B21
def test_takeover_stop_ends_the_survivors_first(start, puppet, tmp_path):
    """With their descendants, TERM first, SIGKILL after the grace; then
    exactly one copy of each runs."""
    s = start("[program:web]\nstartsecs = 0\nstopwaitsecs = 1\ncommand = "
              + puppet("wait") + "\n[program:hard]\nstartsecs = 0\nstopwaitsecs = 1\ncommand = "
              + puppet("ignore TERM fork {{ ignore TERM write-pid {0}/c wait "
                       "}} write-pid {0}/m wait".format(tmp_path)))
    old = s.wait_all()
    child = wait_pid(tmp_path / "c")
    wait_pid(tmp_path / "m")
    s.kill()
    s.options = ["--takeover=stop"]
    s.launch().ready()
    new = s.wait_all()
    assert not alive(old["web"])
    assert not alive(old["hard"])
    assert not alive(child)
    assert set(new.values()).isdisjoint(old.values())
    # Runs go on being counted: no number is used twice.
    assert min(st["run"] for st in s.status().values()) > 2


def test_a_pid_which_is_somebody_elses_now_is_no_survivor(web):
    """The state file says pid and start time: a number alone is not
    believed.  And what it cannot read is said and taken for none."""
    pid = web.service("web")["pid"]
    web.kill()
    os.kill(pid, signal.SIGKILL)
    state = [f for f in os.listdir(web.dir) if f.endswith(".state")]
    assert len(state) == 1
    path = os.path.join(web.dir, state[0])
    with open(path, "r+b") as f:
        f.write(b"garbage!")
    web.launch().ready()
    web.wait_state("web", "RUNNING")
    assert web.said("state: .*taken for none")


def test_a_clean_end_leaves_nothing_to_take_over(web):
    assert web.stop() == 0
    left = set(os.listdir(web.dir)) - {"sigmund.ini", "log"}
    assert left <= {"s.lock"}
    web.launch().ready()
    web.wait_state("web", "RUNNING")


def test_a_lock_does_not_outlive_its_holder_in_a_service(start, puppet):
    """The services live on after kill -9, and hold no lock: it is the state
    file which is believed."""
    s = start("[program:web]\nstartsecs = 0\nautorestart = false\ncommand = "
              + puppet("wait"))
    pid = s.wait_state("web", "RUNNING")["pid"]
    s.kill()
    p = another(s)
    assert "running already" not in p.stderr
    os.kill(pid, signal.SIGKILL)


def test_an_abstract_socket_is_a_lock_too(prepare, puppet, paths, tmp_path):
    """Where there are no files: the second one fails, and says why."""
    s = prepare("[program:web]\nstartsecs = 0\ncommand = " + puppet("wait"))
    s.socket = "@sigmund-test-%d-%d" % (os.getpid(), time.monotonic_ns())
    s.write("[program:web]\nstartsecs = 0\ncommand = " + puppet("wait"))
    s.launch().ready()
    pid = s.wait_state("web", "RUNNING")["pid"]
    p = another(s)
    assert p.returncode == 1
    assert s.socket in p.stderr
    assert s.service("web")["pid"] == pid


def test_two_on_different_sockets_do_not_disturb_each_other(
        start, puppet, tmp_path):
    text = "[program:web]\nstartsecs = 0\ncommand = " + puppet("wait")
    one, two = start(text), start(text)
    first = one.wait_state("web", "RUNNING")["pid"]
    two.wait_state("web", "RUNNING")
    assert two.stop() == 0
    assert one.service("web")["pid"] == first


# B14
def test_a_sigmund_below_a_sigmund_keeps_its_orphans_apart(
        start, prepare, puppet, tmp_path):
    """The runs of both are numbered from 1; the inner one is killed, and what
    it left is not taken for the outer one's service with that number."""
    inner = prepare("[program:web]\nstartsecs = 0\ncommand = "
                    + puppet("write-pid %s/inner wait" % tmp_path),
                    directory=tmp_path / "inner.d")
    outer = start(
        "[program:first]\nstartsecs = 0\nautorestart = false\npriority = 1\n"
        "command = %s\n[program:inner]\nstartsecs = 0\nleftovers = leave\n"
        "autorestart = false\npriority = 2\ncommand = %s\n" % (
            puppet("wait"), " ".join(inner.command())))
    orphan = wait_pid(tmp_path / "inner")
    runs = {n: st["run"] for n, st in outer.status().items()}
    assert runs["first"] == 1
    os.kill(outer.service("inner")["pid"], signal.SIGKILL)
    outer.wait_state("inner", "EXITED")
    assert outer.ctl("stop", "first").returncode == 0
    assert alive(orphan)
