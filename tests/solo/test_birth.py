# SPDX-License-Identifier: MIT
"""What the command is given, what sigmund keeps, and its own parent's end."""
import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess

import pytest

import rig


@pytest.fixture
def born(solo, paths, tmp_path):
    """The status of a command, as the puppet writes it."""
    def run(*options, launcher=(), expect=0, **how):
        path = tmp_path / "status"
        assert solo.code(*options, "--", paths.puppet, "dump-status", path,
                         launcher=launcher, **how) == expect
        return json.loads(path.read_text())
    return run


def fd_numbers(status):
    fds = status["fds"]
    return sorted(int(n) for n in fds)


def test_environment_and_directory_are_passed_on(born, tmp_path):
    s = born(cwd=tmp_path, env={"PATH": os.environ["PATH"], "A": "b c",
                                "EMPTY": ""})
    assert s["cwd"] == str(tmp_path)
    env = s["env"]
    env = env if isinstance(env, list) else [
        "%s=%s" % kv for kv in env.items()]
    assert "A=b c" in env and "EMPTY=" in env


def test_the_command_leads_a_group_of_its_own(born):
    s = born()
    assert s["pgid"] == s["pid"]


def test_descriptors_are_passed_on_and_none_is_added(plain, paths, tmp_path):
    path = tmp_path / "status"
    a, b = os.pipe()
    try:
        os.set_inheritable(b, True)
        assert plain.code("--", paths.puppet, "dump-status", path,
                          pass_fds=(b,)) == 0
    finally:
        os.close(a)
        os.close(b)
    assert fd_numbers(json.loads(path.read_text())) == [0, 1, 2, b]


@pytest.mark.parametrize("closed", [(0,), (1,), (2,), (0, 1, 2), (0, 2)])
def test_what_was_closed_stays_closed(solo, paths, tmp_path, closed):
    path = tmp_path / "status"
    launcher = [paths.puppet] + [
        w for n in closed for w in ("close", str(n))] + ["exec"]
    assert solo.code("--", paths.puppet, "dump-status", path,
                     launcher=launcher) == 0
    assert fd_numbers(json.loads(path.read_text())) == [
        n for n in (0, 1, 2) if n not in closed]


def test_without_stderr_an_exec_failure_is_still_127(solo, paths):
    launcher = [paths.puppet, "close", "0", "close", "1", "close", "2",
                "exec"]
    assert solo.code("--", "no-such-command", launcher=launcher) == 127


def test_many_descriptors_and_a_low_limit(plain, paths):
    """None of them is ours, and there is place for what we need."""
    p = plain.run(
        "--", "sh", "-c", "ls /proc/self/fd | wc -l",
        launcher=["bash", "-c",
                  "ulimit -n 64; for i in $(seq 5 50); do "
                  "eval \"exec $i</dev/null\"; done; exec \"$@\"", "-"])
    assert p.returncode == 0, p.stderr
    # 0, 1, 2, 46 given ones, and the one by which ls reads.
    assert int(p.stdout) == 50


@pytest.mark.parametrize("name", ["LISTEN_PID", "LISTEN_PIDX"])
def test_listen_pid_becomes_the_commands(solo, name):
    """Ours is known only to who executes us: the pid stays at exec."""
    p = solo.run(
        "--", "sh", "-c", "echo $$ ${LISTEN_PID-none} $LISTEN_FDS $OTHER "
        "${LISTEN_PIDFDID-none}",
        launcher=["sh", "-c", "export %s=$$ LISTEN_FDS=1 OTHER=o "
                  "LISTEN_PIDFDID=77; exec \"$@\"" % name, "-"])
    pid, listen, fds, other, inode = p.stdout.split()
    assert (fds, other) == ("1", "o")
    if name == "LISTEN_PID":
        assert (listen, inode) == (pid, "none")
    else:
        assert (listen, inode) == ("none", "77")


def test_listen_pid_of_another_is_left_alone(solo):
    p = solo.run("--", "sh", "-c", "echo $LISTEN_PID",
                 env=dict(os.environ, LISTEN_PID="4711"))
    assert p.stdout == "4711\n"


def test_a_relative_command_begins_where_we_were_started(solo, tmp_path):
    script = tmp_path / "script"
    script.write_text("#!/bin/sh\nexit 12\n")
    script.chmod(0o755)
    assert solo.code("--", "./script", cwd=tmp_path) == 12
    assert solo.code("--", "script", cwd=tmp_path,
                     env={"PATH": ":/usr/bin:/bin"}) == 12


def test_without_path_the_usual_places_are_searched(solo):
    assert solo.code("--", "sh", "-c", "exit 3", env={}) == 3


def test_ignored_signals_are_inherited_only_on_request(solo, paths, tmp_path):
    launcher = [paths.puppet, "ignore", "HUP", "ignore", "PIPE", "exec"]
    path = tmp_path / "status"
    for options, expected in (([], 0), (["--inherit-ignored"],
                                        1 << 0 | 1 << 12)):
        assert solo.code(*options, "--", paths.puppet, "dump-status", path,
                         launcher=launcher) == 0
        s = json.loads(path.read_text())
        assert int(str(s["SigIgn"]), 16) == expected


def test_nohup_holds_with_inherit_ignored(plain):
    """The command ignores what is passed on to it."""
    r = plain.start("--inherit-ignored", "--", "sh", "-c",
                    "echo up; read x; exit 4", stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE, launcher=["nohup"])
    assert r.popen.stdout.readline() == b"up\n"
    r.kill(signal.SIGHUP)
    r.popen.stdin.close()
    assert r.end() == 4


def test_it_runs_with_nothing_to_write_and_no_privilege(plain):
    """Another user without a name, and a root which cannot be written."""
    if os.getuid() != 0 or not rig.can_unshare():
        pytest.skip("needs root")
    p = plain.run("--", "sh", "-c", "id -u; exit 3", launcher=[
        "unshare", "--mount", "sh", "-c",
        "mount -o remount,bind,ro / 2>/dev/null; "
        "exec setpriv --reuid 54321 --regid 54321 --clear-groups "
        "--no-new-privs --bounding-set=-all \"$@\"", "-"])
    if "setpriv" in p.stderr:
        pytest.skip(p.stderr)
    assert (p.returncode, p.stdout) == (3, "54321\n")


def test_an_image_needs_nothing_but_sigmund_and_the_command(
        pid1, paths, recorder, tmp_path):
    """No shell, no /dev, no /proc, no /etc: etc/Dockerfile.scratch."""
    if os.getuid() != 0 or paths.sanitizers:
        pytest.skip("needs root, and no sanitizer")
    root = tmp_path / "root"
    for program, name in ((paths.sigmund, "sigmund"), (recorder, "command")):
        libraries = subprocess.run(["ldd", program], text=True, check=True,
                                   stdout=subprocess.PIPE).stdout
        for library in re.findall(r"(/\S+) \(0x", libraries):
            target = root / library[1:]
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(library, target)
        shutil.copy(program, root / name)
    for launcher, options in (((), ()), (
            [paths.puppet, "close", "0", "close", "2", "exec"], ("-w",))):
        p = subprocess.run(
            ["unshare", "--pid", "--fork", *launcher,
             shutil.which("chroot"), root, "/sigmund", *options, "--",
             "/command", "die", "15"], timeout=30, check=False)
        assert p.returncode == 143


def test_it_runs_with_little_address_space(plain, paths):
    if paths.sanitizers:
        pytest.skip("a sanitizer needs an address space")
    assert plain.code("--", "sh", "-c", "exit 3", launcher=[
        "bash", "-c", "ulimit -v 20000; exec \"$@\"", "-"]) == 3


def test_inside_another_sigmund(solo, paths):
    inner = [paths.sigmund, "--", paths.sigmund, "--"]
    assert solo.code("--", *inner, "sh", "-c", "exit 7") == 7
    r = solo.start("--", *inner, "sleep", "600")
    r.kill(signal.SIGTERM)
    assert r.end() == 143


def test_it_needs_no_socket(solo):
    """Where no family of sockets is allowed it runs as well."""
    r = solo.start("--", "sleep", "600")
    links = []
    for n in os.listdir("/proc/%d/fd" % r.pid):
        with contextlib.suppress(FileNotFoundError):  # Just closed.
            links.append(os.readlink("/proc/%d/fd/%s" % (r.pid, n)))
    assert not [n for n in links if n.startswith("socket")]
    r.kill(signal.SIGTERM)
    assert r.end() == 143
    assert socket.AF_UNIX  # The import says what is meant.


# --- -p

def orphaned(solo, recorder, path, signo, *options):
    """Start sigmund with -p; return it and its parent's pid."""
    parent = subprocess.Popen(
        ["sh", "-c", "\"$@\" & echo $!; wait", "-", *map(str, [
            solo.paths.sigmund, *options, "-p", signo, "--", recorder,
            "record", path, 1])], stdout=subprocess.PIPE, text=True)
    pid = int(parent.stdout.readline())
    rig.wait_text(path, "ready")
    return parent, pid


@pytest.mark.parametrize("signo", ["USR1", "TERM", "RTMIN+5"])
def test_p_acts_when_our_parent_ends(plain, recorder, tmp_path, signo):
    path = tmp_path / "signals"
    parent, pid = orphaned(plain, recorder, path, signo)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    number = {"USR1": 10, "TERM": 15, "RTMIN+5": 39}[signo]
    rig.wait_text(path, "\n%d 0\n" % number)
    rig.wait("its end", lambda: rig.state(pid) in "XZ")


def test_p_kill_ends_the_command_too(plain, recorder, tmp_path):
    """KILL cannot be passed on: the kernel does it."""
    path = tmp_path / "signals"
    parent, pid = orphaned(plain, recorder, path, "KILL")
    command = int(rig.read(path).split()[1])
    parent.kill()
    parent.wait()
    parent.stdout.close()
    rig.wait("its end", lambda: rig.state(pid) in "XZ")
    rig.wait("the end of the command", lambda: rig.state(command) in "XZ")


def test_p_is_rewritten_like_any_other(plain, recorder, tmp_path):
    path = tmp_path / "signals"
    parent, _ = orphaned(plain, recorder, path, "USR1", "-r", "USR1:USR2")
    parent.kill()
    parent.wait()
    parent.stdout.close()
    rig.wait_text(path, "\n12 0\n")
