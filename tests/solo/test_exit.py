# SPDX-License-Identifier: MIT
"""With what sigmund exits when its one command has ended, or never began."""
import signal

import pytest

IGNORED = (signal.SIGCHLD, signal.SIGCONT, signal.SIGURG, signal.SIGWINCH)
STOPS = (signal.SIGSTOP, signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU)


@pytest.mark.limit(240)
def test_exits_with_the_code_of_the_command(solo):
    for code in range(256):
        assert solo.code("--", "sh", "-c", "exit %d" % code) == code


def test_exits_with_128_and_the_signal_which_killed_the_command(
        solo, recorder):
    for signo in range(1, 65):
        if signo not in IGNORED + STOPS:
            assert solo.code("--", recorder, "die", signo) == 128 + signo


@pytest.mark.limit(240)
def test_e_makes_that_code_0(solo, soak):
    for code in range(0, 256, 1 if soak or not solo.pid1 else 5):
        assert solo.code("-e", code, "sh", "-c", "exit %d" % code) == 0


@pytest.mark.limit(240)
def test_e_leaves_all_other_codes_alone(solo, soak):
    for code in range(1, 256, 1 if soak or not solo.pid1 else 5):
        others = [a for n in range(256) if n != code for a in ("-e", str(n))]
        assert solo.code(*others, "sh", "-c", "exit %d" % code) == code


def test_e_maps_a_death_by_signal_too(solo, recorder):
    assert solo.code("-e", 143, recorder, "die", 15) == 0
    assert solo.code("-e", 137, recorder, "die", 15) == 143


def test_a_missing_command_is_127_and_named(solo):
    for command in ("no-such-command", "./no-such-command", "/no/such",
                    "/dev/null/x", ""):
        p = solo.run("--", command)
        assert p.returncode == 127
        assert "cannot execute" in p.stderr
        assert command in p.stderr
        assert p.stderr.startswith("sigmund: ")
    assert "No such file or directory" in solo.run("no-such").stderr


def test_what_cannot_be_executed_is_126_and_named(solo, tmp_path):
    plain = tmp_path / "plain"
    plain.write_text("#!/bin/sh\nexit 3\n")
    for command, why in ((plain, "Permission denied"),
                         (tmp_path, "Permission denied")):
        p = solo.run("--", command)
        assert p.returncode == 126
        assert str(command) in p.stderr
        assert why in p.stderr


def test_a_missing_interpreter_is_named(solo, tmp_path):
    script = tmp_path / "script"
    script.write_text("#!/no/interpreter\n")
    script.chmod(0o755)
    p = solo.run("--", script)
    assert p.returncode == 127
    assert "/no/interpreter" in p.stderr and str(script) in p.stderr


def test_e_does_not_hide_that_nothing_was_executed(solo):
    assert solo.code("-e", 127, "--", "no-such-command") == 127


@pytest.mark.parametrize("args", [
    ("-e", "256"), ("-e", "-1"), ("-e", "x"), ("-e", ""), ("-e", "1x"),
    ("-e", " 1"), ("-p", "0"), ("-p", "65"), ("-p", "NOSUCH"), ("-p", ""),
    ("-p", "RTMIN+99"), ("-r", "TERM"), ("-r", "TERM:"), ("-r", ":TERM"),
    ("-r", "0:TERM"), ("-r", "TERM:65"), ("-r", "TERM:QUIT:1"),
    ("-r", "NOSUCH:1"), ("--grace", "x"), ("--grace", ""), ("--grace", "-1"),
    ("--grace", "5y"), ("--grace", "9223372036854775807d"),
])
def test_a_bad_value_is_usage_and_exit_2(plain, args, tmp_path):
    made = tmp_path / "made"
    p = plain.run(*args, "--", "touch", made)
    assert p.returncode == 2
    assert "expected" in p.stderr and args[0] in p.stderr
    assert p.stdout == ""
    assert not made.exists()


@pytest.mark.parametrize("args", [
    ("-x", "true"), ("--no-such", "true"), ("-e",), ("-p",), ("-r",),
    ("--grace",), ("--",), ("-g", "--"), ("--grace",),
])
def test_a_wrong_command_line_is_usage_and_exit_2(plain, args):
    p = plain.run(*args)
    assert p.returncode == 2
    assert p.stderr.startswith("sigmund: ") or "/sigmund: " in p.stderr


@pytest.mark.parametrize("args", [
    ("-p", "TERM"), ("-p", "SIGTERM"), ("-p", "term"), ("-p", "15"),
    ("-p", "RTMIN+1"), ("-p", "RTMAX"), ("-r", "TERM:QUIT"), ("-r", "15:3"),
    ("-r", "SIGTERM:0"), ("-r", "RTMIN+3:RTMAX-2"), ("--grace", "0"),
    ("--grace", "1500ms"), ("--grace=2m",), ("--grace", "9223372036854775s"),
    ("-gsw",), ("-vv",), ("--inherit-ignored",), ("-e0",), ("-e", "255"),
])
def test_names_and_numbers_are_taken(plain, args):
    assert plain.code(*args, "--", "sh", "-c", "exit 3") == 3


def test_options_end_where_the_command_begins(solo):
    p = solo.run("printf", "%s,", "-e", "999", "--", "-x")
    assert (p.returncode, p.stdout) == (0, "-e,999,--,-x,")


def test_v_tells_of_start_and_end(solo):
    p = solo.run("-v", "--", "sh", "-c", "exit 5")
    assert p.stderr.startswith("sigmund: started sh (pid ")
    assert p.stderr.endswith("sigmund: sh ended: exit 5\n")


def test_without_v_nothing_is_said(solo):
    p = solo.run("--", "sh", "-c", "true & exit 5")
    assert (p.returncode, p.stderr) == (5, "")
