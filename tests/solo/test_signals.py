# SPDX-License-Identifier: MIT
"""Every signal that can be passed on is, once, with its value."""
import ctypes
import os
import resource
import signal

import pytest

import rig

LIBC = ctypes.CDLL(None, use_errno=True)


class Sigval(ctypes.Union):
    _fields_ = [("number", ctypes.c_int), ("pointer", ctypes.c_void_p)]


def queue(pid, signo, value):
    assert LIBC.sigqueue(pid, signo, Sigval(number=value)) == 0


class Recording:
    """A sigmund whose command writes down the signals it gets."""

    def __init__(self, solo, recorder, path, n, *options, mode="record"):
        self.path = str(path / "signals")
        self.running = solo.start(*options, "--", recorder, mode, self.path,
                                  n)
        rig.wait_text(self.path, "ready")
        if mode == "both":
            rig.wait_text(self.path + ".2", "ready")

    def got(self, second=False):
        assert self.running.end() == 0
        text = rig.read(self.path + (".2" if second else ""))
        return [tuple(map(int, line.split()))
                for line in text.splitlines()[1:]]


@pytest.fixture
def record(solo, recorder, tmp_path):
    def start(n, *options, **how):
        return Recording(solo, recorder, tmp_path, n, *options, **how)
    return start


def send_each(r, signos):
    """One by one, so that the order is that of the sending."""
    for i, signo in enumerate(signos):
        os.kill(r.running.pid, signo)
        rig.wait("signal %d" % signo,
                 lambda: len(rig.read(r.path).splitlines()) >= i + 2
                 or r.running.popen.poll() is not None)


def test_every_signal_arrives_once(record):
    r = record(len(rig.SIGNALS))
    send_each(r, rig.SIGNALS)
    assert [s for s, _ in r.got()] == rig.SIGNALS


def test_every_signal_arrives_at_each_of_the_group(record):
    r = record(len(rig.SIGNALS), "-g", mode="both")
    for signo in rig.SIGNALS:
        os.kill(r.running.pid, signo)
        for path in (r.path, r.path + ".2"):
            rig.wait_text(path, "\n%d 0\n" % signo)
    assert [s for s, _ in r.got()] == rig.SIGNALS
    assert [s for s, _ in r.got(second=True)] == rig.SIGNALS


def test_without_g_only_the_command_gets_it(solo, recorder, tmp_path):
    path = str(tmp_path / "signals")
    r = solo.start("--", recorder, "both", path, 1)
    rig.wait_text(path + ".2", "ready")
    rig.wait_text(path, "ready")
    r.kill(signal.SIGUSR1)
    rig.wait_text(path, "\n10 0\n")
    assert "10" not in rig.read(path + ".2").splitlines()[1:]
    # Its end is what the command waits for.
    second = int(rig.read(path + ".2").split()[1])
    if not solo.pid1:
        os.kill(second, signal.SIGUSR2)
        assert r.end() == 0


def test_a_value_arrives_with_its_signal(record):
    r = record(2)
    queue(r.running.pid, signal.SIGRTMIN, 4711)
    rig.wait_text(r.path, "\n34 4711\n")
    queue(r.running.pid, signal.SIGUSR1, -3)
    assert r.got() == [(34, 4711), (10, -3)]


def test_a_value_arrives_at_the_group(record):
    r = record(2, "-g", mode="both")
    queue(r.running.pid, signal.SIGRTMIN, 4711)
    queue(r.running.pid, signal.SIGRTMIN, 4712)
    assert r.got() == [(34, 4711), (34, 4712)]
    assert r.got(second=True) == [(34, 4711), (34, 4712)]


def test_a_signal_is_rewritten(record):
    r = record(3, "-r", "TERM:QUIT", "-r", "USR1:RTMIN+2", "-r", "50:USR2")
    send_each(r, [signal.SIGTERM, signal.SIGUSR1, 50])
    assert [s for s, _ in r.got()] == [signal.SIGQUIT, 36, signal.SIGUSR2]


def test_two_signals_are_swapped(record):
    r = record(2, "-r", "USR1:USR2", "-r", "USR2:USR1")
    send_each(r, [signal.SIGUSR1, signal.SIGUSR2])
    assert [s for s, _ in r.got()] == [signal.SIGUSR2, signal.SIGUSR1]


def test_every_signal_can_be_rewritten(record):
    options = [o for s in rig.SIGNALS for o in ("-r", "%d:%d" % (s, s % 31
               + 34 if s < 64 else 1))]
    r = record(len(rig.SIGNALS), *options)
    send_each(r, rig.SIGNALS)
    assert [s for s, _ in r.got()] == [
        s % 31 + 34 if s < 64 else 1 for s in rig.SIGNALS]


def test_a_dropped_signal_does_not_arrive(record):
    dropped = [s for s in rig.SIGNALS if s != signal.SIGUSR2]
    r = record(1, *[o for s in dropped for o in ("-r", "%d:0" % s)])
    for signo in dropped:
        os.kill(r.running.pid, signo)
    os.kill(r.running.pid, signal.SIGUSR2)
    assert [s for s, _ in r.got()] == [signal.SIGUSR2]


def test_rewriting_and_dropping_hold_for_the_group(record):
    r = record(1, "-g", "-r", "TERM:USR1", "-r", "INT:0", mode="both")
    r.running.kill(signal.SIGINT)
    r.running.kill(signal.SIGTERM)
    assert [s for s, _ in r.got()] == [signal.SIGUSR1]
    assert [s for s, _ in r.got(second=True)] == [signal.SIGUSR1]


def test_a_signal_can_become_kill(solo):
    r = solo.start("-r", "TERM:KILL", "sleep", "600")
    assert r.command
    r.kill(signal.SIGTERM)
    assert r.end() == 137


def test_a_signal_before_the_command_is_ready_is_not_lost(solo):
    """From before its first instruction on: by default it dies of it."""
    for _ in range(20):
        r = solo.start("--", "sleep", "600")
        r.kill(signal.SIGTERM)
        assert r.end() == 143


def test_a_signal_for_a_group_that_is_just_being_made_is_not_lost(solo):
    for _ in range(20):
        r = solo.start("-g", "--", "sleep", "600")
        r.kill(signal.SIGTERM)
        assert r.end() == 143


FEW = 40


def be_another_user():
    """What is pending of all processes of a user counts."""
    resource.setrlimit(resource.RLIMIT_SIGPENDING, (FEW, FEW))
    os.setgid(54321)
    os.setuid(54321)


@pytest.mark.skipif(os.getuid() != 0, reason="needs root, for another user")
def test_a_full_queue_of_a_stopped_command_does_not_keep_cont_from_it(
        plain, recorder, tmp_path):
    """Real-time signals which find no place wait; all others go on."""
    path = tmp_path / "signals"
    path.touch()
    path.chmod(0o666)
    total = 5 * FEW
    with open(path, "w", encoding="utf-8") as out:
        r = plain.start("--", recorder, "record", "/dev/stdout", total + 1,
                        preexec_fn=be_another_user, stdout=out)
    rig.wait_text(path, "ready")
    pid, command = r.pid, r.command
    os.kill(command, signal.SIGSTOP)
    rig.wait("a stopped command", lambda: rig.state(command) == "T")

    def sent(value):
        return LIBC.sigqueue(pid, 40, Sigval(number=value)) == 0
    first = 0
    while sent(first):
        first += 1
    # Now the queues of both are full.
    assert first >= FEW - 5
    os.kill(pid, signal.SIGCONT)
    for i in range(first, total):
        rig.wait("place for signal %d" % i, lambda: sent(i))
    assert r.end() == 0
    lines = rig.read(path).splitlines()[1:]
    assert "18 0" in lines
    lines.remove("18 0")
    assert lines == ["40 %d" % i for i in range(total)]
