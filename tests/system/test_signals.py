# SPDX-License-Identifier: MIT
"""Goal: each signal to sigmund does what its manual says, and a shutdown is
in order, in time, and has the right exit code."""
import os
import signal
import time

import pytest

from harness import alive, lines, wait, wait_file, wait_pid


def noting(puppet, path, more="wait"):
    """Notes which stop signals it gets, and stays."""
    return puppet("on TERM {{ append {0} TERM }} on INT {{ append {0} INT }} "
                  "on QUIT {{ append {0} QUIT }} write-pid {0}.pid {1}"
                  .format(path, more))


@pytest.mark.parametrize("signo", ["TERM", "INT", "QUIT"])
def test_a_shutdown_ends_all_and_exits_0(start, puppet, signo):
    s = start("[program:a]\nstartsecs = 0\ncommand = " + puppet("wait")
              + "\n[program:b]\ncommand = /bin/false\n"
              "[program:c]\nautostart = false\ncommand = /bin/false\n")
    pid = s.wait_state("a", "RUNNING")["pid"]
    assert s.stop(getattr(signal, "SIG" + signo)) == 0
    assert not alive(pid)
    assert not os.path.exists(s.socket)
    assert s.said(signo + "; shutting down")


# The default of [sigmund] is `received'.
def test_int_is_passed_on_as_int_and_term_follows(start, puppet, tmp_path,
                                                  slow):
    path = tmp_path / "got"
    s = start("[program:a]\nstopwaitsecs = 2\nstartsecs = 0\ncommand = "
              + puppet("on TERM {{ append {0} TERM stamp {0}.t exit 0 }} "
                       "on INT {{ append {0} INT stamp {0}.t }} "
                       "write-pid {0}.pid wait".format(path)))
    wait_file(str(path) + ".pid")
    assert s.stop(signal.SIGINT) == 0
    assert lines(path) == ["INT", "TERM"]
    first, second = map(int, lines(str(path) + ".t"))
    # What is noted of the first may be late.
    assert 950 <= second - first <= 1000 + 300 * slow


def test_term_is_passed_on_as_term(start, puppet, tmp_path):
    path = tmp_path / "got"
    s = start("[program:a]\nstopwaitsecs = 1\nstartsecs = 0\ncommand = "
              + noting(puppet, path))
    wait_file(str(path) + ".pid")
    assert s.stop(signal.SIGTERM) == 0
    assert lines(path) == ["TERM"]


def test_a_command_stops_with_term_whatever_is_received(start, puppet,
                                                        tmp_path):
    path = tmp_path / "got"
    s = start("[program:a]\nstopwaitsecs = 500ms\nstartsecs = 0\ncommand = "
              + noting(puppet, path))
    wait_file(str(path) + ".pid")
    s.ctl("stop", "a")
    assert lines(path) == ["TERM"]


def test_an_explicit_stopsignal_is_kept(start, puppet, tmp_path):
    path = tmp_path / "got"
    s = start("[program:a]\nstopwaitsecs = 500ms\nstopsignal = QUIT\n"
              "startsecs = 0\ncommand = " + noting(puppet, path))
    wait_file(str(path) + ".pid")
    assert s.stop(signal.SIGINT) == 0
    assert lines(path) == ["QUIT"]


def test_under_supervisord_int_stops_with_term(start, puppet, tmp_path):
    path = tmp_path / "got"
    s = start("[program:a]\nstopwaitsecs = 1\nstartsecs = 0\ncommand = "
              + noting(puppet, path), section="supervisord")
    wait_file(str(path) + ".pid")
    assert s.stop(signal.SIGINT) == 0
    assert lines(path) == ["TERM"]


@pytest.fixture
def stubborn(start, puppet, tmp_path):
    s = start("[program:a]\nstopwaitsecs = 30\nstartsecs = 0\ncommand = "
              + puppet("ignore TERM ignore INT write-pid %s/a wait"
                       % tmp_path))
    wait_pid(tmp_path / "a")
    return s


def test_a_second_int_skips_all_grace(stubborn, slow):
    s = stubborn
    s.send(signal.SIGINT)
    s.wait_said("INT; shutting down")
    assert s.process.poll() is None
    began = time.monotonic()
    s.send(signal.SIGINT)
    assert s.exit_code() == 0
    assert time.monotonic() - began < 2 * slow
    assert s.said("INT again; all remaining grace is skipped")


def test_a_second_term_is_only_logged(stubborn):
    """Orchestrators repeat it; an INT still skips the grace."""
    s = stubborn
    s.send(signal.SIGTERM)
    s.wait_said("TERM; shutting down")
    s.send(signal.SIGTERM)
    s.wait_said("TERM again; already shutting down")
    assert s.service("a")["state"] == "STOPPING"
    assert s.process.poll() is None
    s.send(signal.SIGINT)
    assert s.exit_code() == 0


def test_usr1_writes_the_status_to_the_log(start, puppet):
    s = start("[program:web]\nstartsecs = 0\ncommand = " + puppet("wait")
              + "\n[program:off]\nautostart = false\ncommand = /bin/true\n")
    pid = s.wait_state("web", "RUNNING")["pid"]
    s.send(signal.SIGUSR1)
    s.wait_said(r"web: RUNNING +pid %d, uptime 0:00:0" % pid)
    s.wait_said(r"off: STOPPED +not started")


# B25
@pytest.mark.parametrize("signo", ["HUP", "USR1", "USR2"])
def test_a_socket_which_vanished_is_made_again(start, puppet, signo):
    s = start("[program:web]\nstartsecs = 0\ncommand = " + puppet("wait"))
    pid = s.wait_state("web", "RUNNING")["pid"]
    os.unlink(s.socket)
    s.send(getattr(signal, "SIG" + signo))
    wait("the socket", lambda: os.path.exists(s.socket))
    assert s.wait_state("web", "RUNNING")["pid"] == pid
    assert s.said("has vanished; making it again")


def test_other_signals_do_nothing(start, puppet):
    """PIPE, ALRM, WINCH and a stop from the terminal's job control."""
    s = start("[program:web]\nstartsecs = 0\ncommand = " + puppet("wait"))
    pid = s.wait_state("web", "RUNNING")["pid"]
    for signo in (signal.SIGPIPE, signal.SIGWINCH, signal.SIGURG,
                  signal.SIGCONT):
        s.send(signo)
    assert s.service("web")["pid"] == pid


# --- the order of a shutdown

def test_levels_stop_one_after_the_other_highest_first(start, puppet,
                                                       tmp_path):
    """Each takes 300 ms; those of one level do so at once, the next level
    begins only when it is gone."""
    text = ""
    for name, priority in (("db", 1), ("web1", 10), ("web2", 10),
                           ("front", 900)):
        text += ("[program:%s]\npriority = %d\nstartsecs = 0\ncommand = %s\n"
                 % (name, priority, puppet(
                     "on TERM {{ append {0} +{1} sleep-ms 300 append {0} "
                     "-{1} exit 0 }} write-pid {0}.{1} wait".format(
                         tmp_path / "order", name))))
    s = start(text)
    for name in ("db", "web1", "web2", "front"):
        wait_file(str(tmp_path / "order") + "." + name)
    assert s.stop() == 0
    seen = lines(tmp_path / "order")
    assert seen[:2] == ["+front", "-front"]
    assert set(seen[2:4]) == {"+web1", "+web2"}
    assert set(seen[4:6]) == {"-web1", "-web2"}
    assert seen[6:] == ["+db", "-db"]


def test_levels_start_lowest_first(start, puppet):
    text = "".join(
        "[program:p%d]\npriority = %d\nstartsecs = 0\ncommand = %s\n" % (
            n, n, puppet("wait")) for n in (900, 5, 50, 1))
    s = start(text)
    s.wait_all()
    order = [line.split()[2] for line in s.said(": started")]
    assert order == ["p1:", "p5:", "p50:", "p900:"]


def test_the_budget_of_a_shutdown_is_kept(start, puppet, tmp_path, slow):
    """Two levels of stubborn ones with 30 s of grace each, 2 s in all: it
    ends in that time, nothing of them is left, and the exit code is 0."""
    text = "".join(
        "[program:p%d]\npriority = %d\nstopwaitsecs = 30\nstartsecs = 0\n"
        "command = %s\n" % (n, n, puppet("ignore TERM write-pid %s/p%d wait"
                                         % (tmp_path, n))) for n in (1, 2))
    s = start(text, main="shutdown_timeout = 2\n")
    pids = [wait_pid(tmp_path / "p1"), wait_pid(tmp_path / "p2")]
    began = time.monotonic()
    assert s.stop() == 0
    assert time.monotonic() - began < 2 + 0.3 * slow
    assert not any(map(alive, pids))


# B37
def test_a_shutdown_in_the_midst_of_everything_ends(start, puppet, tmp_path,
                                                    slow):
    """While some start, some are in backoff, some restart, some stop."""
    s = start("""
[program:slow]
command = %s
startsecs = 10
[program:bad]
command = /bin/false
startretries = 100
[program:storm]
command = /bin/true
startsecs = 0
autorestart = true
[program:stops]
command = %s
stopwaitsecs = 1
startsecs = 0
[program:wrong]
command = /nonexistent
startretries = 100
""" % (puppet("wait"), puppet("ignore TERM write-pid %s/stops wait" % tmp_path)))
    wait_pid(tmp_path / "stops")
    s.ask("stop", names=["stops"])
    began = time.monotonic()
    assert s.stop() == 0
    assert time.monotonic() - began < 1 + 1 * slow


def test_a_signal_before_anything_runs_ends_it(prepare, puppet, tmp_path,
                                               slow):
    """TERM while the configuration is still being read: exit 0, nothing was
    started."""
    (tmp_path / "fault").write_text("hang")
    s = prepare("[program:a]\ncommand = " + puppet("wait"),
                env={"SIGMUND_FAULT_READER": str(tmp_path / "fault")})
    s.launch()
    wait("its reader", lambda: os.path.exists("/proc/%d" % s.pid) and len(
        open("/proc/%d/task/%d/children" % (s.pid, s.pid)).read().split()))
    s.send(signal.SIGTERM)
    assert s.exit_code(5 * slow) == 0
    assert not s.said("started")


# B49
def test_services_are_no_part_of_our_group_or_session(start, puppet):
    """^C of a terminal reaches sigmund alone: it stops them in order."""
    s = start("[program:a]\nstartsecs = 0\ncommand = " + puppet("wait"))
    pid = s.wait_state("a", "RUNNING")["pid"]
    assert os.getsid(pid) == pid
    assert os.getpgid(pid) == pid
    os.killpg(os.getpgid(s.pid), signal.SIGINT)
    assert s.exit_code() == 0
    assert s.said("a: stopping with INT")


# B43
def test_its_directory_is_the_root(start, puppet, tmp_path):
    """It pins no file system; its children begin where it was started."""
    s = start("[program:a]\nstartsecs = 0\ncommand = " + puppet("wait"))
    pid = s.wait_state("a", "RUNNING")["pid"]
    assert os.readlink("/proc/%d/cwd" % s.pid) == "/"
    assert os.readlink("/proc/%d/cwd" % pid) == str(tmp_path)
