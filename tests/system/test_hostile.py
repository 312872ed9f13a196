# SPDX-License-Identifier: MIT
"""Goal: who does everything wrong is told what, and breaks nothing."""
import os
import signal
import subprocess

import pytest


def run(*args, **how):
    return subprocess.run(args, capture_output=True, text=True, timeout=20,
                          check=False, **how)


# --- the command line

def test_options_of_a_command_without_one_start_nothing(paths, tmp_path):
    """Least of all the programs of a file which happens to lie here."""
    (tmp_path / "sigmund.ini").write_text(
        "[sigmund]\n[program:a]\ncommand = touch started\n")
    for args in (["--"], ["-s"], ["-g", "--"], ["-e", "3"], ["--grace", "1s"]):
        p = run(paths.sigmund, *args, cwd=tmp_path)
        assert p.returncode == 2, (args, p.stderr)
        assert "sigmund --help" in p.stderr, args
    assert not (tmp_path / "started").exists()


def test_the_n_of_supervisord_is_taken(start, puppet):
    s = start("[program:a]\ncommand = " + puppet("wait"), options=["-n"])
    s.wait_state("a", "RUNNING")


# --- the file

def test_a_file_which_is_not_there_has_no_line(paths, prepare, tmp_path):
    s = prepare("")
    os.unlink(s.ini)
    assert s.launch().exit_code() == 1
    assert s.said(r"sigmund\.ini: error: cannot be read: No such file")
    p = run(paths.sigmund, "--check", "-c", s.ini)
    assert p.stderr.startswith(s.ini + ": error: cannot be read")


def test_an_update_of_a_missing_file_has_no_line(start, puppet):
    s = start("[program:a]\ncommand = " + puppet("wait"))
    os.unlink(s.ini)
    p = s.ctl("update")
    assert p.returncode == 1
    assert "sigmund.ini: error: cannot be read: No such" in p.stderr
    assert s.said(r"sigmund\.ini: error: cannot be read: No such")


def test_a_quote_which_a_comment_has_cut_is_explained(paths, tmp_path):
    ini = tmp_path / "x.ini"
    ini.write_text('[program:a]\ncommand = sh -c "a ; b"\n')
    p = run(paths.sigmund, "--check", "-c", str(ini))
    assert p.returncode == 1
    assert ":2: error: command: the quote \" is not closed" in p.stderr
    assert "comment" in p.stderr


def test_a_section_with_blanks_finds_its_word(paths, tmp_path):
    ini = tmp_path / "x.ini"
    ini.write_text("[ program:web ]\ncommand = true\n")
    p = run(paths.sigmund, "--check", "-c", str(ini))
    assert p.returncode == 0
    assert p.stderr.endswith("did you mean program:web?\n"), p.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to be nobody")
def test_a_user_whom_only_root_can_become_is_a_warning(paths, tmp_path):
    os.chmod(tmp_path, 0o755)
    ini = tmp_path / "x.ini"
    ini.write_text("[program:a]\ncommand = true\nuser = root\n")
    with open(ini, encoding="utf-8") as f:
        p = run("setpriv", "--reuid", "65534", "--clear-groups", "--",
                paths.sigmund, "--check", "-c", "/dev/stdin", stdin=f)
    if p.returncode in (126, 127):
        pytest.skip("nobody may not execute it here")
    assert p.returncode == 0, p.stderr
    assert ":3: warning: user: only root can become" in p.stderr


# --- the children

def test_the_file_cannot_take_the_mark_of_a_run_away(start, puppet):
    """What left its session is found by it, and ended with the service."""
    s = start("[program:a]\ncommand = %s\n"
              "environment = SIGMUND_RUN=5" % puppet("wait"))
    pid = s.wait_state("a", "RUNNING")["pid"]
    with open("/proc/%d/environ" % pid, "rb") as f:
        marks = [e for e in f.read().split(b"\0")
                 if e.startswith(b"SIGMUND_RUN=")]
    assert len(marks) == 1
    assert b"@%d." % s.pid in marks[0]


# --- places

@pytest.mark.parametrize("key", ["socket", "runtime_directory"])
def test_a_relative_place_begins_where_sigmund_was_started(
        prepare, puppet, key):
    s = prepare("[program:a]\ncommand = " + puppet("wait"))
    with open(s.ini, encoding="utf-8") as f:
        text = f.read()
    if key == "socket":
        text = text.replace("socket = %s\n" % s.socket, "socket = s\n")
    text = text.replace("runtime_directory = %s\n" % s.dir,
                        "runtime_directory = .\n")
    with open(s.ini, "w", encoding="utf-8") as f:
        f.write(text)
    s.launch().ready()
    assert os.path.exists(os.path.join(s.dir, "s.state"))
    pid = s.wait_state("a", "RUNNING")["pid"]
    with open("/proc/%d/environ" % pid, "rb") as f:
        assert b"SIGMUND_SOCKET=" + s.socket.encode() + b"\0" in f.read()


def test_a_socket_whose_name_is_too_long_has_a_line(paths, tmp_path):
    ini = tmp_path / "x.ini"
    ini.write_text("[sigmund]\nsocket = /%s\n" % ("x" * 103))
    p = run(paths.sigmund, "--check", "-c", str(ini))
    assert p.returncode == 1
    assert ":2: error: socket: a socket's path has at most 103" in p.stderr
    ini.write_text("[sigmund]\nsocket = /%s\n" % ("x" * 102))
    assert run(paths.sigmund, "--check", "-c", str(ini)).returncode == 0


def test_what_is_no_socket_is_kept_and_named(prepare):
    s = prepare("")
    with open(s.socket, "w", encoding="utf-8") as f:
        f.write("precious")
    assert s.launch().exit_code() == 1
    assert s.said("cannot listen on %s, which is no socket" % s.socket)
    with open(s.socket, encoding="utf-8") as f:
        assert f.read() == "precious"


@pytest.mark.parametrize("takeover", ["refuse", "stop"])
def test_without_its_lock_a_living_sigmund_is_still_found(
        start, prepare, puppet, takeover):
    """A cleaner of directories took the lock, and the state file too."""
    s = start("[program:a]\ncommand = " + puppet("wait"))
    pids = s.wait_all()
    os.unlink(s.socket + ".lock")
    os.unlink(s.socket + ".state")
    second = prepare("[program:a]\ncommand = " + puppet("wait"),
                     options=["--takeover=" + takeover])
    with open(s.ini, encoding="utf-8") as f:
        text = f.read()
    with open(second.ini, "w", encoding="utf-8") as f:
        f.write(text)
    assert second.launch().exit_code() == 1
    assert second.said("pid %d, listens on %s already" % (s.pid, s.socket))
    assert s.pids() == pids


# --- sigctl

def test_an_empty_socket_is_no_socket(paths, tmp_path):
    p = run(paths.sigctl, "-s", "", "status", cwd=tmp_path)
    assert p.returncode != 0
    assert "-s: expected a socket" in p.stderr


def test_a_configuration_which_is_named_but_missing_is_told(
        paths, tmp_path):
    env = dict(os.environ, SIGMUND_CONFIG=str(tmp_path / "none.ini"))
    env.pop("SIGMUND_SOCKET", None)
    p = run(paths.sigctl, "status", cwd=tmp_path, env=env)
    assert p.returncode == 2
    assert "none.ini: No such file" in p.stderr


# --- what an update cannot do, and what it can

def test_an_update_says_in_the_log_what_needs_a_restart(start, puppet):
    program = "[program:a]\ncommand = " + puppet("wait")
    s = start(program)
    s.write(program, main="name = other\n")
    s.send(signal.SIGHUP)
    s.wait_said("update: name is changed, which takes a restart of sigmund")


def test_the_format_of_the_log_follows_an_update(start, puppet):
    program = "[program:a]\ncommand = " + puppet("wait")
    s = start(program)
    s.write(program, main="log_format = json\nshutdown_timeout = 5s\n")
    p = s.update()
    assert "log_format" in p.stdout
    assert "takes a restart" not in p.stdout
    s.wait_said(r'^\{.*"message":"update: ')
