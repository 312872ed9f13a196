# SPDX-License-Identifier: MIT
"""sigctl against a sigmund that does as it is told: what it sends, what it
prints, when it stops waiting, and how it exits."""
import json
import os
import pty
import socket
import subprocess

import pytest

from fake_server import FakeServer, event, reply, service


@pytest.fixture
def sock(tmp_path):
    return str(tmp_path / "s")


@pytest.fixture
def sigctl(sock, paths):
    def run(*args, script=None, env=None, **kw):
        cmd = [paths.sigctl, "-s", sock, *args]
        environ = dict(os.environ, **(env or {}))
        if script is None:
            return subprocess.run(
                cmd, capture_output=True, text=True, timeout=30, env=environ,
                **kw)
        with FakeServer(sock, script) as server:
            p = subprocess.run(
                cmd, capture_output=True, text=True, timeout=30, env=environ,
                **kw)
        p.requests = server.requests
        return p
    return run


def as_script(*answers):
    return ["read", *answers]


# --- status

def test_status_is_a_table_with_name_state_and_detail(sigctl):
    p = sigctl("status", script=as_script(reply([
        service("db"),
        service("web", "BACKOFF", detail="exit 1 after 0.3 s"),
        service("worker:worker_02", "STOPPED", as_wanted=True, want="down"),
    ])))
    assert p.stdout == (
        "db                RUNNING   pid 41, uptime 2:03:11\n"
        "web               BACKOFF   exit 1 after 0.3 s\n"
        "worker:worker_02  STOPPED\n")
    assert p.requests == [{"command": "status", "id": 1}]
    assert p.returncode == 3


def test_status_exits_0_when_all_is_as_wanted(sigctl):
    p = sigctl("status", script=as_script(reply([service("db")])))
    assert (p.returncode, p.stderr) == (0, "")


def test_status_json_is_one_object_with_the_services(sigctl):
    s = service("web", "EXITED", exit={"code": 3}, as_wanted=True)
    p = sigctl("status", "--json", script=as_script(reply([s])))
    assert json.loads(p.stdout) == {"services": [s]}
    assert p.returncode == 0


def test_status_of_one_name_is_a_page(sigctl):
    p = sigctl("status", "web", script=as_script(reply([
        service("web", "FATAL", detail="no such file", restarts=4)])))
    lines = p.stdout.splitlines()
    assert lines[0] == "web  FATAL     no such file"
    assert "  run       5, restarts 4" in lines
    assert p.requests[0]["names"] == ["web"]
    assert p.returncode == 3


def test_unknown_name_exits_4_with_the_words_of_sigmund(sigctl):
    p = sigctl("status", "wbe", script=as_script(
        {"id": 1, "ok": False, "code": 4,
         "error": "no such service: wbe; did you mean web?"}))
    assert p.stderr == "sigctl: no such service: wbe; did you mean web?\n"
    assert p.returncode == 4


def test_escape_sequences_of_a_child_do_not_reach_the_terminal(sigctl):
    p = sigctl("status", script=as_script(reply([
        service("web", "BACKOFF", detail="\x1b]0;owned\x07 \x9b31m")])))
    assert "\x1b" not in p.stdout and "\x9b" not in p.stdout


def test_ten_thousand_services_are_shown(sigctl):
    many = [service("worker:worker_%05d" % i) for i in range(10000)]
    p = sigctl("status", script=as_script(reply(many)))
    assert len(p.stdout.splitlines()) == 10000
    assert p.returncode == 0


def test_terminal_gets_header_footer_and_colour_unless_NO_COLOR(
        sock, paths):
    def run(env):
        script = as_script(reply(
            [service("web")], config="/etc/web.conf", warnings=2))
        with FakeServer(sock, script):
            ours, theirs = pty.openpty()
            p = subprocess.Popen(
                [paths.sigctl, "-s", sock, "status"], stdout=theirs,
                env=dict(os.environ, TERM="xterm", **env))
            os.close(theirs)
            out = b""
            try:
                while chunk := os.read(ours, 65536):
                    out += chunk
            except OSError:
                pass  # The other end is closed.
            os.close(ours)
            assert p.wait(30) == 0
        return out.decode().replace("\r\n", "\n")

    assert run({"NO_COLOR": "1"}) == (
        "NAME  STATE     DETAIL\n"
        "web   RUNNING   pid 41, uptime 2:03:11\n"
        "1 service, 1 as wanted. 2 warnings in web.conf: sigmund --check\n")
    assert "\033[32mRUNNING" in run({"NO_COLOR": ""})


# --- start, stop, restart

def test_start_waits_for_RUNNING(sigctl):
    p = sigctl("start", "web", script=as_script(
        reply([service("web", "STOPPED", want="down")]),
        event(service("web", "STARTING", run=6)),
        event(service("web", "RUNNING", run=6)), "hang"))
    assert p.stdout == "web: started (pid 41)\n"
    assert p.requests[0] == {
        "command": "start", "id": 1, "names": ["web"], "watch": True}
    assert p.returncode == 0


def test_start_of_what_runs_says_so(sigctl):
    p = sigctl("start", "web", script=as_script(
        reply([service("web")]), "hang"))
    assert p.stdout == "web: already running (pid 41)\n"
    assert p.returncode == 0


def test_start_of_what_was_FATAL_waits_for_what_follows(sigctl):
    p = sigctl("start", "web", script=as_script(
        reply([service("web", "FATAL", detail="old")]),
        event(service("web", "STARTING", run=6)),
        event(service("web", "BACKOFF", run=6, detail="try 1 of 4")),
        event(service("web", "STARTING", run=7)),
        event(service("web", "FATAL", run=7, detail="exit 1")), "hang"))
    assert p.stderr == "sigctl: web: FATAL: exit 1\n"
    assert p.returncode == 1


def test_start_of_what_finishes_its_work_is_well(sigctl):
    p = sigctl("start", "job", script=as_script(
        reply([service("job", "STOPPED")]),
        event(service("job", "EXITED", run=6, as_wanted=True)), "hang"))
    assert p.stdout == "job: finished\n"
    assert p.returncode == 0


def test_restart_is_not_content_with_the_old_run(sigctl):
    p = sigctl("restart", "web", script=as_script(
        reply([service("web")]),
        event(service("web", "STOPPING")),
        event(service("web", "STOPPED")),
        event(service("web", "RUNNING", run=6, pid=52)), "hang"))
    assert p.stdout == "web: restarted (pid 52)\n"
    assert p.returncode == 0


def test_stop_waits_for_all_and_tells_each(sigctl):
    p = sigctl("stop", "web", "db", script=as_script(
        reply([service("db"), service("web", "EXITED")]),
        event(service("db", "STOPPING")),
        event(service("other", "STOPPED")),
        event(service("db", "STOPPED")), "hang"))
    assert p.stdout == "web: already stopped\ndb: stopped\n"
    assert p.returncode == 0


def test_stop_of_what_cannot_be_killed_fails_with_the_reason(sigctl):
    p = sigctl("stop", "web", script=as_script(
        reply([service("web")]),
        event(service("web", "STOPPING", stuck=True,
                      detail="pid 41 in nfs_wait survives SIGKILL")), "hang"))
    assert p.stderr == ("sigctl: web: stuck, STOPPING: "
                        "pid 41 in nfs_wait survives SIGKILL\n")
    assert p.returncode == 1


def test_no_wait_does_not_wait(sigctl):
    p = sigctl("stop", "web", "--no-wait", script=as_script(
        reply([service("web")]), "hang"))
    assert "watch" not in p.requests[0]
    assert (p.returncode, p.stdout) == (0, "")


def test_timeout_exits_6_and_says_what_is_missing(sigctl):
    p = sigctl("start", "web", "--timeout", "300ms", script=as_script(
        reply([service("web", "STOPPED")]),
        event(service("web", "BACKOFF", run=6, detail="exit 1")), "hang"))
    assert p.stderr == ("sigctl: web: BACKOFF: exit 1\n"
                        "sigctl: timed out after 300ms\n")
    assert p.returncode == 6


def test_json_of_a_start_shows_how_it_ended(sigctl):
    p = sigctl("start", "web", "--json", script=as_script(
        reply([service("web", "STOPPED")]),
        event(service("web", "FATAL", run=6, detail="exit 1")), "hang"))
    out = json.loads(p.stdout)
    assert (out["ok"], out["code"]) == (False, 1)
    assert out["services"][0]["state"] == "FATAL"
    assert p.returncode == 1


# --- the others

def test_signal_sends_number_name_and_tree(sigctl):
    p = sigctl("signal", "SIGUSR1", "web", "--tree", script=as_script(
        reply([service("web")])))
    assert p.requests[0] == {"command": "signal", "id": 1, "names": ["web"],
                             "signal": "USR1", "tree": True}
    assert (p.returncode, p.stdout) == (0, "web: signalled\n")


CHANGES = {
    "changes": [
        {"mark": "+", "name": "report", "text": "start"},
        {"mark": "-", "name": "legacy", "text": "stop (QUIT), remove"}],
    "unchanged": 57,
}


@pytest.mark.parametrize("words", [["update", "--dry-run"], ["reread"]])
def test_dry_run_shows_the_difference_and_changes_nothing(sigctl, words):
    p = sigctl(*words, script=as_script(reply(**CHANGES)))
    assert p.requests[0] == {"command": "update", "id": 1, "dry_run": True}
    assert p.stdout == ("+ report   start\n"
                        "- legacy   stop (QUIT), remove\n"
                        "57 unchanged. Nothing done yet.\n")
    assert p.returncode == 0


def test_update_waits_for_the_new_and_for_the_end_of_the_old(sigctl):
    p = sigctl("update", script=as_script(
        reply([service("report", "STOPPED", run=0)], removed=["legacy"],
              **CHANGES),
        event(service("report", "WAITING", run=0)),
        event(service("legacy", "STOPPED"), "gone"),
        event(service("report", "STARTING", run=9)),
        event(service("report", "RUNNING", run=9)), "hang"))
    assert p.stdout.splitlines()[2:] == [
        "57 unchanged.", "legacy: removed", "report: started (pid 41)"]
    assert p.returncode == 0


def test_update_into_BACKOFF_fails(sigctl):
    p = sigctl("update", script=as_script(
        reply([service("report", "STOPPED", run=0)], **CHANGES),
        event(service("report", "BACKOFF", run=9, detail="exit 1")), "hang"))
    assert p.stderr == "sigctl: report: BACKOFF: exit 1\n"
    assert p.returncode == 1


def test_refused_update_prints_the_diagnostics(sigctl):
    p = sigctl("update", script=as_script(
        {"id": 1, "ok": False, "code": 1, "error": "nothing was changed",
         "diagnostics": ["web.conf:7: error: autorestart: ..."]}))
    assert p.stderr == ("sigctl: web.conf:7: error: autorestart: ...\n"
                        "sigctl: nothing was changed\n")
    assert p.returncode == 1


def test_shutdown_waits_until_the_socket_closes(sigctl):
    p = sigctl("shutdown", "--now", script=as_script(
        reply([service("web")]),
        event(service("web", "STOPPED")), "close"))
    assert p.requests[0] == {
        "command": "shutdown", "id": 1, "watch": True, "now": True}
    assert p.returncode == 0


def test_wait_for_ready_ends_at_RUNNING(sigctl):
    p = sigctl("wait", "web", "--for", "ready", script=as_script(
        reply([service("web", "STARTING")]),
        event(service("web", "RUNNING")), "hang"))
    assert p.requests[0] == {"command": "watch", "id": 1, "names": ["web"]}
    assert (p.returncode, p.stdout) == (0, "web: ready (pid 41)\n")


def test_pid_and_version(sigctl):
    answer = as_script(reply(version="9.9", protocol=1, pid=7))
    assert sigctl("pid", script=answer).stdout == "7\n"
    assert "sigmund 9.9, pid 7\n" in sigctl("version", script=answer).stdout


# --- what goes wrong

def test_nobody_there_exits_5_and_names_the_socket(sigctl, sock):
    p = sigctl("status")
    assert p.returncode == 5
    assert sock in p.stderr and "is sigmund running" in p.stderr


def test_socket_left_behind_exits_5(sigctl, sock):
    with socket.socket(socket.AF_UNIX) as s:
        s.bind(sock)
    p = sigctl("status")
    assert p.returncode == 5
    assert "not running there any more" in p.stderr


@pytest.mark.parametrize("answer", [
    b"HTTP/1.1 400 Bad Request\r\n\r\n", b"[]\n", b"\xff\xfe\n", b"{}\n",
    b'{"id":1,"ok":true,"services":[{}]}\n', b'{"id":1,"ok":false}\n',
    b'{"id":1,"ok":true,"services":[{"name":1}]}\n', b"half a line"])
def test_garbage_exits_5(sigctl, answer):
    p = sigctl("status", script=as_script(answer, "close"))
    assert p.returncode == 5
    assert p.stderr.startswith("sigctl: ")


def test_unknown_events_and_fields_are_passed_over(sigctl):
    p = sigctl("start", "web", script=as_script(
        reply([service("web", "STOPPED", colour="red")], mood="good"),
        {"id": 1, "event": "weather", "service": "sunny"},
        event(service("web", "RUNNING", run=6)), "hang"))
    assert p.returncode == 0


def test_end_of_sigmund_while_waiting_exits_5(sigctl):
    p = sigctl("start", "web", script=as_script(
        reply([service("web", "STOPPED")]), "close"))
    assert p.returncode == 5
    assert "closed the connection" in p.stderr


def test_no_reply_within_the_timeout_exits_5(sigctl):
    p = sigctl("start", "web", "--timeout", "200ms", script=as_script("hang"))
    assert p.returncode == 5


@pytest.mark.parametrize("args", [
    [], ["frobnicate"], ["start"], ["signal", "TERM"], ["status", "--tree"],
    ["update", "web"], ["start", "web", "--timeout", "soon"], ["--bogus"],
    ["wait", "web", "--for", "godot"], ["reload"], ["reload", "web"],
    ["signal", "NOSUCH", "web"]])
def test_usage_errors_exit_2_without_a_connection(sigctl, args):
    p = sigctl(*args)
    assert p.returncode == 2
    assert p.stderr != ""


def test_a_mistyped_command_is_guessed(sigctl):
    assert "did you mean restart?" in sigctl("restrat").stderr


def ask_version(paths, sock, *args, **env):
    with FakeServer(sock, as_script(reply(version="9.9", pid=7))):
        return subprocess.run(
            [paths.sigctl, *args, "pid"], capture_output=True, text=True,
            timeout=30, env=dict(os.environ, **env)).stdout


def test_socket_is_found_by_option_environment_and_configuration(
        paths, sock, tmp_path):
    ini = tmp_path / "a.ini"
    ini.write_text("[sigmund]\nsocket = %s\n" % sock)
    wrong = str(tmp_path / "wrong")
    assert ask_version(paths, sock, "-s", "unix://" + sock,
                       SIGMUND_SOCKET=wrong) == "7\n"
    assert ask_version(paths, sock, SIGMUND_SOCKET=sock) == "7\n"
    assert ask_version(paths, sock, SIGMUND_CONFIG=str(ini),
                       SIGMUND_SOCKET="") == "7\n"
    assert ask_version(paths, sock, "-c", str(ini),
                       SIGMUND_SOCKET=wrong) == "7\n"


def test_configuration_which_is_not_there_exits_2(paths, tmp_path):
    p = subprocess.run(
        [paths.sigctl, "-c", str(tmp_path / "no.ini"), "status"],
        capture_output=True, text=True, timeout=30)
    assert p.returncode == 2
    assert "no.ini: No such file" in p.stderr


def test_reload_without_a_name_names_update(sigctl):
    assert "sigctl update" in sigctl("reload").stderr


def test_full_stdout_exits_1(sigctl, sock, paths):
    with FakeServer(sock, as_script(reply([service("web")]))):
        with open("/dev/full", "w") as full:
            p = subprocess.run([paths.sigctl, "-s", sock, "status"],
                               stdout=full, stderr=subprocess.PIPE,
                               text=True, timeout=30)
    assert p.returncode == 1
    assert "No space left" in p.stderr
