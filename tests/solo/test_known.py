# SPDX-License-Identifier: MIT
"""Bugs which inits of one command have had, by their numbers in a list of
such bugs.  What is said of tini 0.19, dumb-init 1.2.5 and catatonit 0.1.7 was
seen with these versions."""
import json
import os
import signal
import subprocess

import pytest

import rig


@pytest.fixture
def birth(solo, paths, tmp_path):
    def run(*options, launcher=()):
        path = tmp_path / "status"
        assert solo.code(*options, "--", paths.puppet, "dump-status", path,
                         launcher=launcher) == 0
        return json.loads(path.read_text())
    return run


def test_many_deaths_behind_one_sigchld_are_all_seen(solo, tmp_path):
    """B1: stopped while fifty orphans and the command end, it sees them all.
    SIGCHLD coalesces; an early catatonit looked at one pid each."""
    options = [] if solo.pid1 else ["-s"]
    r = solo.start(*options, "--", "sh", "-c",
                   "for i in $(seq 50); do (sleep 600 & ); done; "
                   "echo up >%s; sleep 600; exit 1" % (tmp_path / "f"),
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    rig.wait_text(tmp_path / "f", "up")
    pid = r.pid
    rig.wait("51 children", lambda: len(rig.children(pid)) == 51)
    os.kill(pid, signal.SIGSTOP)
    rig.wait("a stopped sigmund", lambda: rig.state(pid) == "T")
    command = r.command if not solo.pid1 else rig.children(pid)[0]
    for child in rig.children(pid):
        if child != command:
            os.kill(child, signal.SIGKILL)
    for child in rig.children(command):
        os.kill(child, signal.SIGKILL)
    rig.wait("all of them ended",
             lambda: all(rig.state(c) == "Z" for c in rig.children(pid)))
    os.kill(pid, signal.SIGCONT)
    assert r.end() == 1


def test_sigchld_ignored_by_the_launcher_loses_no_exit(solo, paths):
    """B2: tini and catatonit hang for ever, dumb-init does not."""
    assert solo.code("--", "sh", "-c", "exit 7",
                     launcher=[paths.puppet, "ignore", "CHLD", "exec"],
                     timeout=10) == 7


def test_signals_blocked_by_the_launcher_arrive(solo, paths):
    """B3: blocked CHLD and TERM neither hide an exit nor a signal."""
    launcher = [paths.puppet]
    for name in ("CHLD", "TERM", "HUP", "USR1", "RTMIN+1"):
        launcher += ["block", name]
    launcher += ["exec"]
    assert solo.code("--", "sh", "-c", "exit 7", launcher=launcher,
                     timeout=10) == 7
    r = solo.start("--", "sleep", "600", launcher=launcher)
    r.kill(signal.SIGTERM)
    assert r.end() == 143


def test_the_command_has_no_signal_blocked(birth, paths):
    """B4: under catatonit TSTP, TTIN and TTOU are blocked."""
    assert int(str(birth()["SigBlk"]), 16) == 0
    assert int(str(birth(launcher=[
        paths.puppet, "block", "TERM", "block", "RTMIN+9",
        "exec"])["SigBlk"]), 16) == 0


def test_the_command_has_no_signal_ignored(birth, paths):
    """B5: an ignored PIPE or INT of the launcher is nobody's wish."""
    launcher = [paths.puppet]
    for name in ("PIPE", "INT", "QUIT", "HUP", "TERM", "TSTP", "CHLD",
                 "RTMIN+1"):
        launcher += ["ignore", name]
    assert int(str(birth(launcher=launcher + ["exec"])["SigIgn"]), 16) == 0


def test_a_broken_pipe_ends_a_command_by_sigpipe(solo, paths):
    """B5: ... and not by an error message."""
    p = solo.run("--", "bash", "-c", "yes | head -n 1; "
                 "echo ${PIPESTATUS[0]}",
                 launcher=[paths.puppet, "ignore", "PIPE", "exec"])
    assert p.stdout == "y\n141\n"


@pytest.mark.parametrize("content", [
    b"\x7fgarbage\n", b"exit 3\n", b"", b"\x7fELF\x02\x01\x01" + b"\0" * 60])
def test_garbage_is_not_run_by_a_shell(solo, tmp_path, content):
    """B11: tini, dumb-init and catatonit let a shell execute it."""
    garbage = tmp_path / "garbage"
    garbage.write_bytes(content)
    garbage.chmod(0o755)
    for command in (str(garbage), "garbage"):
        p = solo.run("--", command, env={"PATH": "%s:/bin" % tmp_path})
        assert p.returncode == 126
        assert p.stderr == "sigmund: cannot execute %s: Exec format error " \
            "(exec)\n" % garbage


def test_init_does_not_end_before_its_orphans(solo, tmp_path):
    """B12: with the three others the kernel kills them at once."""
    f = tmp_path / "f"
    options = [] if solo.pid1 else ["-s"]
    script = "trap 'sleep 1; echo done >%s; exit' TERM; echo up >%s; " \
        "while :; do sleep 0.02; done" % (f, f)
    assert solo.code(
        *options, "--", "sh", "-c", "(sh -c \"%s\" >/dev/null 2>&1 &); until "
        "grep -qs up %s; do sleep 0.01; done; exit 9" % (script, f)) == 9
    assert rig.read(f) == "done\n"


@pytest.mark.parametrize("options", [(), ("-g",)])
def test_a_stopped_command_still_ends_on_term(solo, options):
    """B15: tini, dumb-init and catatonit hang."""
    r = solo.start(*options, "--", "sleep", "600")
    command = r.command
    os.kill(command, signal.SIGSTOP)
    rig.wait("a stopped command", lambda: rig.state(command) == "T")
    r.kill(signal.SIGTERM)
    assert r.end() == 143


def test_a_command_which_is_just_being_stopped_still_ends_on_term(solo):
    """B15: the stop may come between a look and the signal."""
    for _ in range(30):
        r = solo.start("--", "sleep", "600")
        pid = r.pid
        os.kill(r.command, signal.SIGSTOP)
        os.kill(pid, signal.SIGTERM)
        assert r.end() == 143


def test_a_command_stopped_before_term_could_act_is_continued(
        solo, paths, tmp_path):
    """B15: seen when the stop is reported, the signal being still pending."""
    f = tmp_path / "f"
    r = solo.start("--", paths.puppet, "block", "TERM", "on", "CONT", "{",
                   "append", f, "continued", "}", "append", f, "up", "wait")
    rig.wait_text(f, "up")
    command = r.command
    r.kill(signal.SIGTERM)
    rig.wait("a pending TERM", lambda: int(
        rig.status(command)["ShdPnd"], 16) & 1 << 14)
    os.kill(command, signal.SIGSTOP)
    rig.wait_text(f, "continued")
    r.kill(signal.SIGUSR1)
    assert r.end() == 128 + signal.SIGUSR1


def test_a_running_command_gets_no_cont_with_term(
        solo, recorder, tmp_path):
    """B15: only if it is seen stopped."""
    path = tmp_path / "signals"
    r = solo.start("--", recorder, "record", path, 2)
    rig.wait_text(path, "ready")
    r.kill(signal.SIGTERM)
    rig.wait_text(path, "\n15 ")
    r.kill(signal.SIGUSR1)
    assert r.end() == 0
    assert rig.read(path).splitlines()[1:] == ["15 0", "10 0"]


def test_a_stopped_command_is_not_continued_by_other_signals(solo):
    """B15: who stops a command wants it stopped."""
    r = solo.start("--", "sleep", "600")
    command = r.command
    os.kill(command, signal.SIGSTOP)
    rig.wait("a stopped command", lambda: rig.state(command) == "T")
    r.kill(signal.SIGUSR1)
    r.kill(signal.SIGWINCH)
    rig.wait("both are pending", lambda: int(
        rig.status(command)["ShdPnd"], 16) & 1 << 9)
    assert rig.state(command) == "T"
    r.kill(signal.SIGCONT)
    assert r.end() == 128 + signal.SIGUSR1


@pytest.fixture
def late_prctl(tmp_path, paths):
    if paths.sanitizers:
        pytest.skip("a sanitizer wants to be loaded first")
    library = tmp_path / "late.so"
    subprocess.run(
        [os.environ.get("CC", "cc").split()[0], "-shared", "-fPIC",
         "-D_GNU_SOURCE", "-o", library,
         os.path.join(paths.srcdir, "tests/solo/late_prctl.c")], check=True)
    return library


def test_a_parent_which_ends_before_p_takes_effect_is_noticed(
        plain, late_prctl, recorder, tmp_path):
    """B22: tini asks for the signal and does not look whether it is late."""
    path = tmp_path / "signals"
    parent = subprocess.Popen(
        ["sh", "-c", "LATE_PARENT=$$ LATE_MARK=%s LD_PRELOAD=%s \"$@\" & "
         "echo $!; until [ -e %s ]; do sleep 0.01; done" %
         (tmp_path / "mark", late_prctl, tmp_path / "mark"), "-", plain.paths.sigmund, "-p", "USR1", "--", "env",
         "-u", "LD_PRELOAD", recorder, "record", str(path), "1"],
        stdout=subprocess.PIPE, text=True)
    pid = int(parent.stdout.readline())
    parent.stdout.close()
    parent.wait()
    rig.wait("its end", lambda: rig.state(pid) in "XZ")
    # It may have come to the command before its first instruction, too.
    assert rig.read(path).splitlines()[1:] in (["10 0"], [])


def test_no_descriptor_leaks_to_the_command_nor_stays_with_init(
        plain, paths, tmp_path):
    """B27: catatonit once did the one, and all three do the other: what
    waits for the end of a pipe waits for init then."""
    a, b = os.pipe()
    os.set_inheritable(b, True)
    path = tmp_path / "status"
    r = plain.start("--", paths.puppet, "dump-status", path, "wait",
                    pass_fds=(b,))
    rig.wait_text(path, "}")
    assert sorted(int(n) for n in json.loads(path.read_text())["fds"]) == [
        0, 1, 2, b]
    pid = r.pid
    pipe = os.readlink("/proc/self/fd/%d" % b)
    rig.wait("no pipe in sigmund", lambda: pipe not in [
        os.readlink("/proc/%d/fd/%s" % (pid, n))
        for n in os.listdir("/proc/%d/fd" % pid)])
    os.close(a)
    os.close(b)
    r.kill(signal.SIGKILL)
    os.kill(json.loads(path.read_text())["pid"], signal.SIGKILL)


def test_no_file_system_is_pinned_by_its_directory(solo, tmp_path):
    """B43: tini stays in the directory where it was started."""
    r = solo.start("--", "sleep", "600", cwd=tmp_path)
    command = r.command
    rig.wait("cwd is /", lambda: os.readlink("/proc/%d/cwd" % r.pid) == "/")
    assert os.readlink("/proc/%d/cwd" % command) == str(tmp_path)
    r.kill(signal.SIGTERM)
    assert r.end() == 143
