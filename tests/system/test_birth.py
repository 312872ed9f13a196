# SPDX-License-Identifier: MIT
"""Goal: a child begins clean, whoever started sigmund, and what cannot begin
says why."""
import json
import os
import pwd
import signal

import pytest

from harness import fds, status_field, wait_file


def ignore_chld():
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)


def ignore_many():
    """nohup, `&' of a shell script, and Python, which ignores PIPE."""
    for signo in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT,
                  signal.SIGPIPE, signal.SIGTERM, signal.SIGCHLD,
                  signal.SIGUSR1):
        signal.signal(signo, signal.SIG_IGN)


def block_all():
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())


def close_stdio():
    for fd in (0, 1, 2):
        os.close(fd)


def open_many():
    for _ in range(900):
        os.dup(2)
    for fd in range(3, 903):
        os.set_inheritable(fd, True)


def odd_umask():
    os.umask(0o777)


LAUNCHERS = [None, ignore_chld, ignore_many, block_all, close_stdio,
             open_many, odd_umask]


# B2, B3, B4, B5, B27
@pytest.mark.parametrize(
    "launcher", LAUNCHERS, ids=lambda f: f.__name__ if f else "plain")
def test_a_launcher_makes_no_difference(start, puppet, tmp_path, launcher,
                                        slow):
    """It starts, restarts, stops, and its child has nothing blocked, nothing
    ignored, and the descriptors 0, 1 and 2 alone."""
    s = start("[program:web]\nstartsecs = 0\numask = 022\ncommand = "
              + puppet("dump-status %s/st wait" % tmp_path),
              popen={"preexec_fn": launcher, "close_fds": False,
                     "restore_signals": False})
    pid = s.wait_state("web", "RUNNING")["pid"]
    st = json.loads(wait_file(tmp_path / "st"))
    assert int(st["SigBlk"], 16) == 0
    assert int(st["SigIgn"], 16) == 0
    assert sorted(map(int, st["fds"])) == [0, 1, 2]
    assert int(status_field(s.pid, "SigBlk"), 16) == 0
    # Of ours there are few, whatever we were given.
    assert fds(s.pid) < 20
    os.kill(pid, signal.SIGKILL)
    s.wait_new_pid("web", pid)
    assert s.ctl("stop", "web").returncode == 0
    assert s.stop() == 0


# B27
def test_the_descriptors_of_a_child_stay_three_among_a_hundred(
        start, puppet, tmp_path):
    """Also of the last of 100, with clients connected."""
    s = start("[program:p]\nnumprocs = 100\nprocess_name = p%(process_num)d\n"
              "startsecs = 0\ncommand = "
              + puppet("dump-status %s/st%%(process_num)d wait" % tmp_path))
    with s.connect(), s.connect():
        s.wait_all("RUNNING")
        old = s.service("p:p99")["pid"]
        wait_file(tmp_path / "st99")
        os.unlink(tmp_path / "st99")
        os.kill(old, signal.SIGKILL)
        s.wait_new_pid("p:p99", old)
        st = json.loads(wait_file(tmp_path / "st99"))
    assert sorted(map(int, st["fds"])) == [0, 1, 2]


def test_a_child_is_given_what_the_program_says(start, puppet, tmp_path):
    """Session, directory, umask, limits, environment, numbers."""
    os.mkdir(tmp_path / "dir")
    s = start("[program:p]\nstartsecs = 0\numask = 027\ndirectory = %s/dir\n"
              "environment = A=\"1 %%(program_name)s\",PATH=\"/x:/bin\"\n"
              "command = %s" % (tmp_path, puppet(
                  "dump-status %s/st wait" % tmp_path)),
              env={"NOTIFY_SOCKET": "/x", "OURS": "kept", "A": "0"})
    pid = s.wait_state("p", "RUNNING")["pid"]
    st = json.loads(wait_file(tmp_path / "st"))
    env = dict(e.split("=", 1) for e in st["env"])
    assert (st["pid"], st["pgid"], st["sid"]) == (pid, pid, pid)
    assert st["ppid"] == s.pid
    assert st["cwd"] == str(tmp_path / "dir")
    assert st["umask"] == 0o27
    assert env["A"] == "1 p"
    assert env["PATH"] == "/x:/bin"
    assert env["OURS"] == "kept"
    assert env["SIGMUND_SOCKET"] == s.socket
    assert "NOTIFY_SOCKET" not in env


# B46
def test_60000_bytes_and_every_character_arrive(start, paths, tmp_path):
    """A command of 60,000 bytes and a value with every printable character,
    byte for byte."""
    arg = "".join(chr(ord("a") + i % 26) for i in range(60000))
    printable = "".join(c for c in map(chr, range(33, 127)))
    escaped = printable.replace("%", "%%").replace('"', '\\"')
    quoted = printable.replace("%", "%%").replace("\\", "\\\\")
    quoted = quoted.replace('"', '\\"')
    s = start("[program:p]\nstartsecs = 0\nenvironment = V=\"%s\"\n"
              "command = %s dump-status %s/st wait %s \"%s\"\n" % (
                  escaped, paths.puppet, tmp_path, arg, quoted))
    s.wait_state("p", "RUNNING")
    st = json.loads(wait_file(tmp_path / "st"))
    env = dict(e.split("=", 1) for e in st["env"])
    assert st["args"][-2:] == [arg, printable]
    assert env["V"] == printable


def script(path, text, mode=0o755):
    with open(path, "wb") as f:
        f.write(text)
    os.chmod(path, mode)
    return str(path)


def unexecutable(tmp_path):
    """name -> (keys, command, what the words must hold)"""
    return {
        "absent": ("", "/nonexistent/x",
                   "cannot execute /nonexistent/x: No such file or "
                   "directory (exec)"),
        "unfound": ("", "no-such-command-anywhere",
                    "no-such-command-anywhere.*(exec)"),
        "mode": ("", script(tmp_path / "mode", b"#!/bin/sh\n", 0o644),
                 "Permission denied (exec)"),
        "garbage": ("", script(tmp_path / "garbage", b"\1\2\3\4 garbage\n"),
                    "Exec format error (exec)"),
        "shebang": ("", script(tmp_path / "shebang", b"#!/no/interpreter\n"),
                    "shebang: .*(exec)"),
        "folder": ("", str(tmp_path), "Permission denied (exec)"),
        "nodir": ("directory = /nonexistent/dir\n", "/bin/true",
                  "/nonexistent/dir: No such file or directory (chdir)"),
    }


# B10, B11
def test_what_cannot_be_executed_is_told_from_an_exit(start, puppet,
                                                      tmp_path):
    """Every stage has its words, an exit 127 has others, and a shell is never
    asked what garbage may mean."""
    cases = unexecutable(tmp_path)
    text = "".join(
        "\n[program:%s]\nstartretries = 0\n%scommand = %s\n" % (
            name, keys, command)
        for name, (keys, command, _) in cases.items())
    text += "\n[program:exits]\nstartretries = 0\ncommand = " \
        + puppet("exit 127")
    s = start(text)
    for name, (_, _, words) in cases.items():
        st = s.wait_state(name, "FATAL")
        for part in words.split(".*"):
            assert part in st["detail"], (name, st["detail"])
        assert s.said("error %s: .*FATAL" % name)
    st = s.wait_state("exits", "FATAL")
    assert "exit 127" in st["detail"]
    assert "(exec)" not in st["detail"]


def test_a_user_which_is_not_there_any_more_is_said(prepare, puppet):
    """The configuration knew it; the child finds it gone.  At load it is an
    error with file and line."""
    s = prepare("[program:p]\nuser = no-such-user-here\ncommand = "
                + puppet("wait")).launch()
    assert s.exit_code() == 1
    assert s.said(r"sigmund\.ini:\d+: error: .*no-such-user-here")


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
def test_a_user_is_that_user_with_all_its_groups(start):
    """uid, gid and groups; nothing of root stays, and nothing can come
    back."""
    s = start("[program:p]\nuser = nobody\nstartsecs = 0\ndirectory = /\n"
              "command = sleep 1000\n")
    pid = s.wait_state("p", "RUNNING")["pid"]
    entry = pwd.getpwnam("nobody")
    assert status_field(pid, "Uid").split() == [str(entry.pw_uid)] * 4
    assert status_field(pid, "Gid").split() == [str(entry.pw_gid)] * 4
    assert set(status_field(pid, "Groups").split()) == \
        {str(g) for g in os.getgrouplist("nobody", entry.pw_gid)}
    assert int(status_field(pid, "CapEff"), 16) == 0


def test_a_user_need_not_be_able_to_enter_where_we_were_started(
        start, tmp_path):
    """As under supervisord, it just stands there; a directory of its own it
    must be able to enter."""
    if os.getuid() != 0:
        pytest.skip("needs root")
    os.chmod(tmp_path, 0o700)
    s = start("""
[program:inherits]
command = sleep 1000
user = nobody
startsecs = 0
[program:wants]
command = sleep 1000
user = nobody
directory = %s
startretries = 0
""" % tmp_path)
    pid = s.wait_state("inherits", "RUNNING")["pid"]
    assert os.readlink("/proc/%d/cwd" % pid) == str(tmp_path)
    detail = s.wait_state("wants", "FATAL")["detail"]
    assert "cannot change to directory" in detail
