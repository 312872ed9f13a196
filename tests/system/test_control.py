# SPDX-License-Identifier: MIT
"""Goal: what a client does costs nobody but that client."""
import json
import os
import resource
import signal
import subprocess
import time

import pytest

from harness import fds, proc, wait


@pytest.fixture
def web(start, puppet):
    s = start("[program:web]\nstartsecs = 0\ncommand = " + puppet("wait"))
    s.wait_state("web", "RUNNING")
    return s


def answered_at_once(s, slow):
    """A status, by sigctl, while others misbehave: under 50 ms."""
    best = 9
    for _ in range(5):
        began = time.monotonic()
        assert s.ctl("status").returncode in (0, 3)
        best = min(best, time.monotonic() - began)
    assert best < 0.05 * slow, best


def supervises(s):
    pid = s.service("web")["pid"]
    os.kill(pid, signal.SIGKILL)
    s.wait_new_pid("web", pid)
    s.wait_state("web", "RUNNING")


GARBAGE = [
    b"\n", b"\0\0\0\n", b"\xff\xfe\n", b"status\n", b"{}\n", b"[]\n",
    b'{"command": 1}\n', b'{"command": "nothing"}\n', b"{" * 1000 + b"\n",
    b'{"command":"stop"}\n', b'{"command":"stop","names":["no"]}\n',
    b'{"command":"stop","names":"web"}\n',
    b'{"command":"signal","names":["web"],"signal":"NO"}\n',
    b'{"command":"status","command":"shutdown"}\n',
    b'{"command":"start","names":[' + b'"web",' * 9000 + b'"x"]}\n',
    b'{"command":"stop","names":["' + b"*a" * 500 + b'"]}\n',
]


def test_garbage_is_answered_and_changes_nothing(web, slow):
    before = web.status()["web"]["pid"]
    with web.connect() as client, client.makefile("rb") as answers:
        for line in GARBAGE:
            client.sendall(line)
            reply = json.loads(answers.readline())
            assert reply["ok"] is False, line
            assert reply["error"], line
        # The connection is as good as before.
        client.sendall(b'{"command":"version","id":9}\n')
        assert json.loads(answers.readline())["id"] == 9
    assert web.service("web")["pid"] == before
    answered_at_once(web, slow)


def test_a_line_without_an_end_is_cut_off(web, slow):
    with web.connect() as client, client.makefile("rb") as answers:
        with pytest.raises(OSError):
            for _ in range(4096):
                client.sendall(b"x" * 65536)
        try:
            line = answers.readline()
            assert not line or not json.loads(line)["ok"]
        except ConnectionResetError:
            pass
    answered_at_once(web, slow)


def test_half_a_line_waits_for_its_other_half(web, slow):
    with web.connect() as client, client.makefile("rb") as answers:
        client.sendall(b'{"command":"ver')
        answered_at_once(web, slow)
        supervises(web)
        client.sendall(b'sion","id":3}\n')
        assert json.loads(answers.readline())["id"] == 3


def test_half_a_line_at_the_end_is_not_looked_at(web):
    with web.connect() as client:
        client.sendall(b'{"command":"shutdown"}')
    assert web.service("web")["state"] == "RUNNING"


def test_one_byte_at_a_time_is_a_request_too(web):
    with web.connect() as client, client.makefile("rb") as answers:
        for byte in b'{"command":"version","id":4}\n':
            client.sendall(bytes([byte]))
        assert json.loads(answers.readline())["id"] == 4


def test_many_requests_at_once_are_answered_in_order(web):
    with web.connect() as client, client.makefile("rb") as answers:
        client.sendall(b"".join(
            b'{"command":"version","id":%d}\n' % n for n in range(500)))
        assert [json.loads(answers.readline())["id"]
                for _ in range(500)] == list(range(500))


# B26
def test_who_never_reads_is_let_go_and_holds_up_nobody(start, puppet, slow):
    """It asks for the status of 300 services again and again, and reads
    nothing: what is owed to it is bounded."""
    s = start("[program:p]\nnumprocs = 300\nstartsecs = 0\n"
              "process_name = p%(process_num)d\ncommand = sleep 1000\n"
              "[program:web]\nstartsecs = 0\ncommand = " + puppet("wait"))
    s.wait_all()
    with s.connect() as client:
        client.setblocking(False)
        end = time.monotonic() + 20
        gone = False
        while not gone and time.monotonic() < end:
            try:
                client.send(b'{"command":"status"}\n' * 100)
            except BlockingIOError:
                # It takes no more requests of one who takes no replies.
                break
            except (BrokenPipeError, ConnectionResetError):
                gone = True
        answered_at_once(s, slow)
        supervises(s)
        rss = int([line for line in open("/proc/%d/status" % s.pid)
                   if line.startswith("VmRSS")][0].split()[1])
        assert rss < 100000 * slow, "%d kB" % rss


def test_who_watches_and_never_reads_is_let_go(start, puppet, slow):
    s = start("[program:web]\nstartsecs = 0\ncommand = " + puppet("wait")
              + "\n[program:busy]\nstartsecs = 0\nstartretries = 100000\n"
              "autorestart = true\ncommand = sleep 1000\n")
    s.wait_all()
    with s.connect() as client:
        client.sendall(b'{"command":"watch"}\n')
        for _ in range(200):
            s.ask("restart", names=["busy"])
        answered_at_once(s, slow)
        supervises(s)


# B26
def test_sixty_four_idle_clients_are_no_burden(web, slow):
    idle = [web.connect() for _ in range(64)]
    try:
        answered_at_once(web, slow)
        supervises(web)
    finally:
        for client in idle:
            client.close()
    answered_at_once(web, slow)


# B26
def test_with_sixteen_descriptors_and_64_clients_it_supervises(
        start, puppet, slow):
    """It neither spins, nor fails to start a service, nor to answer: of the
    clients those that are silent must go."""
    def limit():
        resource.setrlimit(resource.RLIMIT_NOFILE, (16, 16))
    s = start("[program:web]\nstartsecs = 0\ncommand = " + puppet("wait"),
              popen={"preexec_fn": limit})
    s.wait_state("web", "RUNNING")
    idle = [s.connect() for _ in range(64)]
    supervises(s)
    assert not s.said("BACKOFF|next try")
    assert s.update().returncode == 0
    before = proc(s.pid).ticks
    began = time.monotonic()
    wait("a second", lambda: time.monotonic() > began + 1)
    assert proc(s.pid).ticks - before < 20 * slow, "it spins"
    answered_at_once(s, slow)
    for client in idle:
        client.close()
    assert s.stop() == 0


# B26
def test_descriptors_do_not_pile_up(start, puppet):
    """Constant over hundreds of restarts, failed starts, updates and
    clients."""
    s = start("""
[program:web]
startsecs = 0
command = %s
[program:crash]
startsecs = 0
autorestart = true
numprocs = 20
process_name = c%%(process_num)d
command = %s
[program:wrong]
startretries = 0
command = /nonexistent
""" % (puppet("wait"), puppet("wait")))

    def rest():
        s.ctl("stop", "all")
        return fds(s.pid)
    before = rest()
    for _ in range(20):
        s.ask("start", names=["all"])
        s.wait_state("wrong", "FATAL")
        for pid in s.pids().values():
            if pid is not None:
                os.kill(pid, signal.SIGKILL)
        s.ask("restart", names=["web"])
        s.ask("update")
    assert len(s.said("crash.*: started")) > 300
    assert rest() == before


def test_peers_stand_in_the_log_with_what_they_change(web):
    assert web.ctl("restart", "web").returncode == 0
    assert web.said(r"web: stopping.*\(asked by sigctl, uid %d\)"
                    % os.getuid())


# --- sigctl against the real one

def test_sigctl_does_its_commands(web):
    """Each waits until it is so, and exits as its manual says."""
    old = web.service("web")["pid"]
    assert web.ctl("status").returncode == 0
    assert web.ctl("restart", "web").returncode == 0
    assert web.service("web")["pid"] not in (None, old)
    assert web.ctl("stop", "web").returncode == 0
    assert web.service("web")["state"] == "STOPPED"
    assert web.ctl("status").returncode == 0
    assert web.ctl("start", "web").returncode == 0
    assert web.service("web")["state"] == "RUNNING"
    assert web.ctl("stop", "nothing").returncode == 4
    assert web.ctl("signal", "HUP", "web").returncode == 0
    web.wait_said("web: killed by HUP")
    assert web.ctl("wait", "web", "--for", "ready").returncode == 0
    p = web.ctl("version")
    assert p.returncode == 0 and "0.1.0" in p.stdout
    status = json.loads(web.ctl("status", "--json").stdout)
    assert [x["name"] for x in status["services"]] == ["web"]
    assert web.ctl("shutdown").returncode == 0
    assert web.exit_code() == 0
    assert web.ctl("status").returncode == 5


def test_sigctl_tells_a_start_which_fails(start):
    s = start("[program:bad]\nautostart = false\nstartretries = 0\n"
              "command = /bin/false\n")
    p = s.ctl("start", "bad")
    assert p.returncode == 1
    assert "exit 1" in p.stdout + p.stderr
    assert s.ctl("status").returncode == 3


def test_sigctl_signals_the_whole_tree(start, puppet, tmp_path):
    s = start("[program:web]\nstartsecs = 0\ncommand = "
              + puppet("fork {{ fork {{ setsid on USR1 {{ append {0} got }} "
                       "write-pid {0}.c wait }} }} on USR1 {{ append {0} got "
                       "}} write-pid {0}.m wait".format(tmp_path / "got")))
    wait("both", lambda: os.path.exists(str(tmp_path / "got.c")) and
         os.path.exists(str(tmp_path / "got.m")))
    assert s.ctl("signal", "--tree", "USR1", "web").returncode == 0
    wait("both got it", lambda: os.path.exists(tmp_path / "got") and
         (tmp_path / "got").read_text() == "got\ngot\n")


def test_sigctl_update_says_what_it_did(web, puppet):
    web.write("[program:web]\nstartsecs = 0\ncommand = " + puppet("wait")
              + "\n[program:new]\nstartsecs = 0\ncommand = " + puppet("wait"))
    p = web.ctl("update", "--dry-run")
    assert p.returncode == 0
    assert any(line.split()[:2] == ["+", "new"]
               for line in p.stdout.splitlines()), p.stdout
    assert list(web.status()) == ["web"]
    p = web.ctl("update")
    assert p.returncode == 0
    assert web.service("new")["state"] == "RUNNING"


def test_sigctl_finds_the_socket_by_the_configuration(web):
    done = subprocess.run(
        [web.paths.sigctl, "-c", web.ini, "status"], capture_output=True,
        text=True, env=web.environment(), check=False, timeout=20)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("web ")


def test_sigctl_update_ends_whatever_it_brought(start, puppet, slow):
    """Each as it should: what is started is awaited, what is not started is
    not, and a start of an earlier update is no business of this one."""
    up = "startsecs = 0\ncommand = " + puppet("wait") + "\n"
    s = start("[program:web]\n" + up + "[program:slow]\n" + up)
    s.wait_all()
    off = "[program:off]\nautostart = false\n" + up
    s.write("[program:web]\n" + up + "[program:slow]\n" + up + off)
    assert s.ctl("update", timeout=10 * slow).returncode == 0
    # slow is STARTING for long, because of this one ...
    changed = "[program:slow]\nenvironment = A=1\n" + up.replace("0", "60s")
    s.write("[program:web]\n" + up + off + changed)
    assert s.ctl("update", "--no-wait", timeout=10 * slow).returncode == 0
    s.wait_state("slow", "STARTING")
    # ... and this one has nothing to do with it.
    s.write("[program:web]\nenvironment = A=1\n" + up + off + changed)
    assert s.ctl("update", timeout=10 * slow).returncode == 0
    s.write("[program:web]\nenvironment = A=1\n" + up)
    assert s.ctl("update", timeout=10 * slow).returncode == 0
    assert list(s.status()) == ["web"]
