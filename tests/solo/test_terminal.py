# SPDX-License-Identifier: MIT
"""B38: the command is the foreground group of the terminal, a shell's job
control works through sigmund, and a terminal that is not ours is let be."""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time

import pytest

import rig

# A sanitizer makes each sigmund of a chain slower than a typist's next line.
pytestmark = pytest.mark.skipif(
    os.environ.get("SANITIZERS") == "yes",
    reason="job control is a matter of milliseconds: in the plain build")

# Prints what it is told, and says how.
HEARING = ("trap 'echo heard-INT; exit 9' INT; trap 'echo heard-WINCH' WINCH;"
           " trap 'echo heard-QUIT; exit 8' QUIT; echo up; "
           "while :; do sleep 0.05; done")


class Terminal:
    """A pty whose session leader is ${argv}; what it shows is .seen."""

    def __init__(self, argv, env=None):
        self.seen = ""
        self.at = 0
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            try:
                os.execvpe(argv[0], argv, dict(os.environ, TERM="dumb",
                                               **(env or {})))
            finally:
                os._exit(65)
        self.status = None

    def read(self, seconds):
        ready, _, _ = select.select([self.fd], [], [], seconds)
        if not ready:
            return False
        try:
            got = os.read(self.fd, 4096)
        except OSError:
            got = b""
        self.seen += got.decode("utf-8", "replace")
        return bool(got)

    def expect(self, pattern, deadline=rig.DEADLINE_S):
        """Wait for ${pattern} in what came since the last of these."""
        end = time.monotonic() + deadline
        while True:
            found = re.search(pattern, self.seen[self.at:])
            if found:
                self.at += found.end()
                return found
            assert time.monotonic() < end, \
                "no %r in:\n%s" % (pattern, self.seen[self.at:])
            self.read(0.1)

    def type(self, text):
        os.write(self.fd, text.encode())

    def resize(self, rows, columns):
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ,
                    struct.pack("HHHH", rows, columns, 0, 0))

    def foreground(self):
        return os.tcgetpgrp(self.fd)

    def hang_up(self):
        os.close(self.fd)
        self.fd = -1

    def end(self):
        """The exit code of the leader."""
        if self.status is None:
            rig.wait("its end", lambda: os.waitid(
                os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
                or (self.fd != -1 and self.read(0) and False))
            self.status = os.waitpid(self.pid, 0)[1]
        return os.waitstatus_to_exitcode(self.status)

    def close(self):
        if self.fd != -1:
            self.hang_up()
        if self.status is None:
            session = [int(p) for p in os.listdir("/proc") if p.isdigit()
                       and "\0" not in p and self.in_session(int(p))]
            for pid in session:
                try:
                    os.kill(pid, signal.SIGKILL)
                except OSError:
                    pass
            os.waitpid(self.pid, 0)

    def in_session(self, pid):
        try:
            return os.getsid(pid) == self.pid
        except OSError:
            return False


class Shell(Terminal):
    """An interactive shell with job control on it."""

    def __init__(self):
        super().__init__(["bash", "--norc", "--noprofile", "-i"],
                         {"PS1": "READY> ", "HISTFILE": ""})
        self.expect("READY> ")

    def do(self, line):
        self.type(line + "\n")
        self.expect(re.escape(line[-20:]))

    def code(self):
        self.type("echo code=$?.\n")
        return int(self.expect(r"code=(\d+)\.").group(1))


@pytest.fixture
def shell(paths):
    s = Shell()
    s.do("alias S='%s'; PATH=$PATH" % paths.sigmund)
    s.expect("READY> ")
    yield s
    s.close()


@pytest.fixture
def leads(paths):
    """sigmund as the leader of a session, as in a container with -t."""
    made = []

    def start(*args, pid1=False):
        if pid1 and not rig.can_unshare():
            pytest.skip("no pid namespace can be made here")
        made.append(Terminal((rig.UNSHARE if pid1 else []) +
                             [paths.sigmund, *args]))
        return made[-1]
    yield start
    for t in made:
        t.close()


def sigmunds(terminal):
    return [p for p in map(int, filter(str.isdigit, os.listdir("/proc")))
            if rig.status(p).get("Name") == "sigmund"
            and terminal.in_session(p)]


def the_sigmund(terminal):
    return rig.wait("sigmund", lambda: sigmunds(terminal))[0]


def shell_sigmund(shell):
    shell.type("alias S\n")
    path = shell.expect(r"alias S='([^']*)'\r\n").group(1)
    shell.expect("READY> ")
    return path


@pytest.mark.parametrize("pid1", [False, True])
@pytest.mark.parametrize("key,name,code", [
    ("\x03", "INT", 9), ("\x1c", "QUIT", 8)])
def test_keys_reach_the_command(leads, pid1, key, name, code):
    t = leads("--", "sh", "-c", HEARING, pid1=pid1)
    t.expect("up")
    t.type(key)
    t.expect("heard-" + name)
    assert t.end() == code
    assert t.seen.count("heard-" + name) == 1


@pytest.mark.parametrize("pid1", [False, True])
def test_the_size_of_the_window_reaches_the_command(leads, pid1):
    t = leads("--", "sh", "-c", HEARING, pid1=pid1)
    t.expect("up")
    t.resize(40, 100)
    t.expect("heard-WINCH")
    t.type("\x03")
    assert t.end() == 9
    assert t.seen.count("heard-WINCH") == 1


def test_a_hang_up_reaches_the_command(leads, tmp_path):
    """The kernel tells the leader of the session alone."""
    f = tmp_path / "f"
    t = leads("--", "sh", "-c", "trap 'echo HUP >>%s; exit 4' HUP; echo up; "
              "while :; do sleep 0.05; done" % f)
    t.expect("up")
    t.hang_up()
    rig.wait_text(f, "HUP")
    assert t.end() == 4


def test_in_a_shell_ctrl_c_reaches_the_command(shell):
    shell.do("S -- sh -c \"%s\"" % HEARING)
    shell.expect("up\r\n")
    shell.type("\x03")
    shell.expect("heard-INT")
    shell.expect("READY> ")
    assert shell.code() == 9


def test_in_a_shell_ctrl_z_stops_and_fg_continues(shell):
    shell.do("S -- cat")
    pid = the_sigmund(shell)
    rig.wait("the foreground", lambda: shell.foreground() in
             rig.children(pid))
    for word in ("one", "two"):
        shell.type(word + "\n")
        shell.expect(word + "\r\n" + word)
        shell.type("\x1a")
        shell.expect("Stopped")
        assert rig.state(pid) == "T"
        shell.expect("READY> ")
        shell.do("fg")
        rig.wait("the foreground", lambda: shell.foreground() in
                 rig.children(pid))
    shell.type("three\n")
    shell.expect("three\r\nthree")
    shell.type("\x04")
    shell.expect("READY> ")
    assert shell.code() == 0


def test_what_the_terminal_stopped_is_continued_as_a_whole(shell):
    """The shell continues sigmund's group, which the command is not in."""
    shell.do("S -- sh -c \"echo up; sleep 600 | sleep 600\"")
    shell.expect("up\r\n")
    pid = the_sigmund(shell)
    group = rig.children(pid)[0]
    rig.wait("two more", lambda: [
        rig.status(p).get("Name") for p in rig.children(group)]
        == ["sleep", "sleep"])
    shell.type("\x1a")
    shell.expect("Stopped")
    assert [rig.state(p) for p in rig.children(group)] == ["T", "T"]
    shell.expect("READY> ")
    shell.do("bg")
    rig.wait("all of them run", lambda: [
        rig.state(p) for p in rig.children(group)] == ["S", "S"])
    members = rig.children(group)
    shell.do("fg")
    rig.wait("the foreground",
             lambda: shell.foreground() not in (shell.pid, group))
    # The keys reach sigmund now, which is to pass them to the whole group.
    shell.type("\x03")
    shell.expect("READY> ")
    assert shell.code() == 130
    rig.wait("their end", lambda: all(rig.state(p) in "XZ" for p in members))


def test_in_a_shell_bg_continues_without_the_terminal(shell):
    # A dash would vfork: stopped within that, it hangs with any parent.
    shell.do("S -- bash -c \"echo up; sleep 0.3; echo t''ick; read x; "
             "echo got=\\$x\"")
    shell.expect("up\r\n")
    shell.type("\x1a")
    shell.expect("Stopped")
    shell.expect("READY> ")
    shell.do("bg")
    shell.expect("tick")
    # It wants to read, and must not from there.
    pid = the_sigmund(shell)
    rig.wait("a stop by TTIN", lambda: rig.state(pid) == "T")
    shell.do("fg")
    rig.wait("the foreground", lambda: shell.foreground() in
             rig.children(pid))
    shell.type("word\n")
    shell.expect("got=word")
    shell.expect("READY> ")
    assert shell.code() == 0


def test_fg_of_a_running_job_gives_it_the_terminal(shell):
    """The shell sends no CONT then: it is the read which shows it."""
    shell.do("S -- sh -c \"sleep 1; read x; echo got=\\$x\" &")
    shell.expect("READY> ")
    shell.do("fg")
    pid = the_sigmund(shell)
    rig.wait("the foreground", lambda: shell.foreground() in
             rig.children(pid))
    shell.type("word\n")
    shell.expect("got=word")
    shell.expect("READY> ")
    assert shell.code() == 0


def test_in_the_background_the_terminal_is_not_taken(shell):
    shell.do("S -- sleep 600 &")
    shell.expect("READY> ")
    pid = the_sigmund(shell)
    rig.wait("the command", lambda: rig.children(pid))
    assert shell.foreground() == shell.pid
    shell.do("kill %1; wait; echo all''done")
    shell.expect("alldone")


@pytest.mark.parametrize("unshare", [False, True])
def test_in_the_background_with_tostop_writing_stops(shell, unshare):
    """... the command, and through it the job; not sigmund's own words."""
    if unshare:
        if not rig.can_unshare():
            pytest.skip("no pid namespace can be made here")
        shell.do("stty tostop; %s %s -v -- true &" % (
            " ".join(rig.UNSHARE), shell_sigmund(shell)))
        shell.expect("sigmund: started true")
        shell.expect("sigmund: true ended: exit 0")
        assert shell.foreground() == shell.pid
        return
    shell.do("stty tostop; S -v -- sh -c 'echo he''llo' &")
    shell.expect("sigmund: started sh")
    pid = the_sigmund(shell)
    rig.wait("a stop by TTOU", lambda: rig.state(pid) == "T")
    shell.do("fg")
    shell.expect("hello\r\n")
    shell.expect("sigmund: sh ended: exit 0")


def test_as_pid_1_in_the_background_the_terminal_is_not_taken(shell, paths):
    """All groups out there have the number 0 for it, also the shell's."""
    if not rig.can_unshare():
        pytest.skip("no pid namespace can be made here")
    shell.do("%s %s -- sleep 600 &" % (" ".join(rig.UNSHARE), paths.sigmund))
    shell.expect("READY> ")
    pid = the_sigmund(shell)
    rig.wait("the command", lambda: rig.children(pid))
    for _ in range(20):
        assert shell.foreground() == shell.pid
        time.sleep(0.01)
    shell.do("kill %1; wait; echo all''done")
    shell.expect("alldone")


def test_a_script_has_the_terminal_again_afterwards(shell):
    """Without job control the shell does not take it back."""
    shell.do("sh -c '%s -- true; read x; echo got=$x'" %
             shell_sigmund(shell))
    shell.type("word\n")
    shell.expect("got=word")


def test_a_stop_by_sigstop_is_not_followed(shell):
    shell.do("S -- sleep 600")
    pid = the_sigmund(shell)
    command = rig.wait("the command", lambda: rig.children(pid))[0]
    os.kill(command, signal.SIGSTOP)
    rig.wait("a stopped command", lambda: rig.state(command) == "T")
    time.sleep(0.2)
    assert rig.state(pid) == "S"
    os.kill(command, signal.SIGKILL)
    shell.expect("READY> ")
    assert shell.code() == 137


def test_a_stop_by_tstp_from_anywhere_is_followed(shell):
    shell.do("S -- sleep 600")
    pid = the_sigmund(shell)
    command = rig.wait("the command", lambda: rig.children(pid))[0]
    rig.wait("its exec", lambda: rig.status(command)["Name"] == "sleep")
    os.kill(command, signal.SIGTSTP)
    shell.expect("Stopped")
    assert rig.state(pid) == "T"
    shell.do("kill %1; fg")
    shell.expect("READY> ")
    assert shell.code() == 143


def test_pid_1_never_stops_itself(leads):
    t = leads("--", "sh", "-c", "echo up; exec sleep 600", pid1=True)
    t.expect("up")
    pid = the_sigmund(t)
    command = rig.children(pid)[0]
    t.type("\x1a")
    rig.wait("a stopped command", lambda: rig.state(command) == "T")
    time.sleep(0.2)
    assert rig.state(pid) == "S"
    # Continued and ended from outside.
    os.kill(pid, signal.SIGTERM)
    assert t.end() == 143


def test_where_no_shell_waits_nothing_stops_but_the_command(leads):
    """The group of a session's leader is orphaned: TSTP does nothing."""
    t = leads("--", "sh", "-c", "echo up; exec sleep 600")
    t.expect("up")
    command = rig.children(t.pid)[0]
    t.type("\x1a")
    rig.wait("a stopped command", lambda: rig.state(command) == "T")
    time.sleep(0.2)
    assert rig.state(t.pid) == "S"
    os.kill(t.pid, signal.SIGCONT)
    rig.wait("a running command", lambda: rig.state(command) == "S")
    os.kill(t.pid, signal.SIGTERM)
    assert t.end() == 143


def test_sigmund_inside_sigmund_stops_and_continues(shell):
    path = shell_sigmund(shell)
    shell.do("S -- %s -- %s -- cat" % (path, path))
    rig.wait("three of them", lambda: len(sigmunds(shell)) == 3)
    for word in ("one", "two"):
        shell.type(word + "\n")
        shell.expect(word + "\r\n" + word)
        shell.type("\x1a")
        shell.expect("Stopped")
        shell.expect("READY> ")
        shell.do("fg")
    shell.type("three\n")
    shell.expect("three\r\nthree")
    shell.type("\x04")
    shell.expect("READY> ")
    assert shell.code() == 0


def test_inside_sigmund_ctrl_c_is_heard_once(shell):
    shell.do("S -- %s -- sh -c \"%s\"" % (shell_sigmund(shell), HEARING))
    shell.expect("up\r\n")
    at = shell.at
    shell.type("\x03")
    shell.expect("READY> ")
    assert shell.seen[at:].count("heard-INT") == 1
    assert shell.code() == 9


@pytest.mark.parametrize("where", ["not ours", "none", "closed"])
def test_a_terminal_that_is_not_ours_is_let_be(solo, where):
    """ENOTTY, ENXIO and EBADF, as ioctls on stdin would have it."""
    ours, theirs = pty.openpty()
    try:
        how = {"stdin": theirs if where == "not ours" else subprocess.DEVNULL}
        launcher = ["setsid", "-w"]
        if where == "closed":
            launcher = ["setsid", "-w", "sh", "-c", "exec \"$@\" <&-", "-"]
        p = solo.run("-v", "--", "sh", "-c", "exit 6", launcher=launcher,
                     **how)
    finally:
        os.close(ours)
        os.close(theirs)
    assert p.returncode == 6
    assert p.stderr.endswith("sigmund: sh ended: exit 6\n")
