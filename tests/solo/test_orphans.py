# SPDX-License-Identifier: MIT
"""What becomes sigmund's is reaped; what is left at the end is ended."""
import os
import re
import signal
import subprocess
import time

import pytest

import rig

# An orphan which has been told to end takes a moment to clean up.
SLOW = ("trap 'sleep 0.3; echo clean >>{f}; exit 0' TERM; echo up >>{f}; "
        "while :; do sleep 0.02; done")
STUBBORN = "trap '' TERM; echo up >>{f}; while :; do sleep 0.02; done"


def orphan(script, path):
    """A shell's words for a grandchild which does ${script}, once it is up."""
    return "(sh -c \"%s\" >/dev/null 2>&1 &); until grep -qs up %s; do " \
        "sleep 0.01; done; " % (script.format(f=path), path)


def lines(path):
    return rig.read(path).split()


@pytest.fixture
def reaping(solo):
    """sigmund which reaps: as PID 1, or a subreaper by -s."""
    solo.options = [] if solo.pid1 else ["-s"]
    return solo


def test_hundreds_of_orphans_are_reaped_while_the_command_runs(reaping):
    r = reaping.start(
        *reaping.options, "--", "sh", "-c",
        "for i in $(seq 300); do (true & ); done; echo done; exec sleep 600",
        stdout=subprocess.PIPE)
    assert r.popen.stdout.readline() == b"done\n"
    rig.wait("no zombies", lambda: len(rig.children(r.pid)) == 1)
    r.kill(signal.SIGTERM)
    assert r.end() == 143


def test_hundreds_of_orphans_are_told_to_end(reaping, tmp_path):
    """More than fit any table of a fixed size."""
    n = 700
    p = reaping.run(
        *reaping.options, "-v", "--", "sh", "-c",
        "for i in $(seq %d); do sleep 600 </dev/null >/dev/null 2>&1 & done; "
        "exit 9" % n)
    assert p.returncode == 9
    assert "%d orphans left: TERM" % n in p.stderr
    assert "KILL" not in p.stderr


def test_an_orphan_has_time_to_clean_up_and_the_code_stays(
        reaping, tmp_path):
    f = tmp_path / "f"
    assert reaping.code(*reaping.options, "--", "sh", "-c",
                        orphan(SLOW, f) + "exit 5") == 5
    assert lines(f) == ["up", "clean"]


def test_an_orphan_which_ignores_term_is_killed_after_the_grace(
        reaping, tmp_path):
    f = tmp_path / "f"
    start = time.monotonic()
    p = reaping.run(*reaping.options, "-v", "--grace", "300ms", "--", "sh",
                    "-c", orphan(STUBBORN, f) + "exit 6")
    assert p.returncode == 6
    assert "left: KILL" in p.stderr
    assert 0.3 <= time.monotonic() - start < 5


def test_grace_0_kills_at_once(reaping, tmp_path):
    f = tmp_path / "f"
    assert reaping.code(*reaping.options, "--grace", "0", "--", "sh", "-c",
                        orphan(STUBBORN, f) + "exit 6") == 6


def test_the_grace_ends_with_the_last_orphan(reaping, tmp_path):
    f = tmp_path / "f"
    start = time.monotonic()
    assert reaping.code(*reaping.options, "--grace", "1h", "--", "sh", "-c",
                        orphan(SLOW, f) + "exit 5", timeout=50) == 5
    assert time.monotonic() - start < 40


def test_a_stopped_orphan_is_told_too(reaping, tmp_path):
    f = tmp_path / "f"
    assert reaping.code(
        *reaping.options, "--grace", "1h", "--", "sh", "-c",
        "sleep 600 >/dev/null 2>&1 & kill -STOP $!; exit 5") == 5
    assert not f.exists()


def test_one_who_becomes_an_orphan_during_the_grace_is_told(
        reaping, tmp_path):
    """Its parent makes it when that is told to end, and leaves it behind."""
    f = tmp_path / "f"
    late = "trap 'echo late >>%s; exit' TERM; echo born >>%s; " \
        "while :; do sleep 0.02; done" % (f, f)
    (tmp_path / "late").write_text(late)
    parent = "trap '(setsid sh %s >/dev/null 2>&1 &); exit' TERM; " \
        "echo up >>{f}; while :; do sleep 0.02; done" % (tmp_path / "late")
    assert reaping.code(*reaping.options, "--grace", "20s", "--", "sh", "-c",
                        orphan(parent, f) + "exit 5") == 5
    assert lines(f) == ["up", "born", "late"]


def test_how_an_orphan_cleans_up_is_not_disturbed(reaping, tmp_path):
    """What it starts for that is its own until it ends."""
    f = tmp_path / "f"
    clean = "trap 'sh -c \\\"sleep 0.5; echo helper >>{f}\\\"; " \
        "echo clean >>{f}; exit' TERM; echo up >>{f}; " \
        "while :; do sleep 0.02; done"
    assert reaping.code(*reaping.options, "--", "sh", "-c",
                        orphan(clean, f) + "exit 5") == 5
    assert lines(f) == ["up", "helper", "clean"]


def test_one_which_forks_all_the_time_does_not_get_away(reaping):
    fork = "trap '' TERM; f() { (sleep 0.01; f) & }; f; f; f; exit 4"
    assert reaping.code(*reaping.options, "--grace", "200ms", "--", "sh",
                        "-c", fork, stdin=subprocess.DEVNULL) == 4


def test_what_left_its_session_is_told_too(reaping, tmp_path):
    f = tmp_path / "f"
    (tmp_path / "away").write_text(SLOW.format(f=f))
    assert reaping.code(
        *reaping.options, "--", "sh", "-c",
        orphan("exec setsid sh %s" % (tmp_path / "away"), f)
        + "exit 5") == 5
    assert lines(f) == ["up", "clean"]


def test_without_s_orphans_are_not_ours(plain, tmp_path):
    f = tmp_path / "pid"
    assert plain.code("--", "sh", "-c",
                      "sleep 600 >/dev/null 2>&1 & echo $! >%s; exit 5" %
                      f) == 5
    pid = int(rig.read(f))
    assert rig.state(pid) in "SR"
    os.kill(pid, signal.SIGKILL)


def test_w_says_who_was_reaped_and_how_it_ended(reaping):
    p = reaping.run(
        *reaping.options, "-w", "--", "sh", "-c",
        "(sh -c 'exit 3' &); (sleep 600 & p=$!; "
        "until grep -q sleep /proc/$p/comm; do :; done; kill -9 $p; exit 1); "
        "sleep 0.3; exit 5")
    assert p.returncode == 5
    assert re.search(r"^sigmund: reaped orphan \d+ \(sh\): exit 3$",
                     p.stderr, re.M)
    assert re.search(r"^sigmund: reaped orphan \d+ \(sleep\): "
                     r"killed by KILL$", p.stderr, re.M)


def test_w_does_not_name_the_command(reaping):
    p = reaping.run(*reaping.options, "-w", "--", "sh", "-c", "exit 5")
    assert (p.returncode, p.stderr) == (5, "")


def test_w_says_when_it_can_have_no_effect(plain):
    p = plain.run("-w", "--", "true")
    assert (p.returncode, p.stderr) == (
        0, "sigmund: not PID 1, and no -s: orphans do not become ours\n")


def test_what_a_shell_started_before_it_became_sigmund_is_ended(pid1, paths):
    """An entrypoint script with a helper in the background, and exec."""
    p = subprocess.run(
        rig.UNSHARE + ["sh", "-c", "sleep 600 >/dev/null 2>&1 & exec %s -v -- "
                       "sh -c 'exit 5'" % paths.sigmund],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=30,
        check=False)
    assert p.returncode == 5
    assert "1 orphan left: TERM" in p.stderr


def test_without_a_proc_of_its_own_it_ends_at_once(pid1, paths):
    """The kernel ends the rest; another's /proc names other processes."""
    p = subprocess.run(
        ["unshare", "--pid", "--fork", paths.sigmund, "-v", "--", "sh", "-c",
         "sleep 600 >/dev/null 2>&1 & exit 5"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=4,
        check=False)
    assert p.returncode == 5


def test_the_command_itself_is_never_killed(reaping, tmp_path):
    """The grace is for orphans."""
    f = tmp_path / "f"
    r = reaping.start(*reaping.options, "--grace", "0", "--", "sh", "-c",
                      "trap '' TERM; echo up >%s; read x; exit 8" % f,
                      stdin=subprocess.PIPE)
    rig.wait_text(f, "up")
    for _ in range(3):
        r.kill(signal.SIGTERM)
    time.sleep(0.5)
    assert r.popen.poll() is None
    r.popen.stdin.close()
    assert r.end() == 8
