# SPDX-License-Identifier: MIT
"""Goal: an update touches exactly what changed, and an error nothing."""
import json
import os
import signal
import socket
import threading

import pytest

from harness import alive, fds, lines, wait_file


def programs(*rows):
    return "".join("\n[program:%s]\nstartsecs = 0\ncommand = %s\n%s" % (
        row[0], row[1], row[2] if len(row) > 2 else "") for row in rows)


@pytest.fixture
def two(puppet):
    return programs(("a", puppet("wait")), ("b", puppet("wait")))


# B33
def test_a_hundred_updates_without_a_change_change_no_pid(start, two):
    s = start(two)
    pids = s.wait_all()
    for n in range(1, 101):
        s.send(signal.SIGHUP)
        if n % 10 == 0:  # Some at once, some each on their own.
            s.wait_said("HUP; update", times=1)
            s.ctl("update", "--dry-run")
    assert s.update().returncode == 0
    assert s.pids() == pids
    assert all(st["restarts"] == 0 for st in s.status().values())
    assert len(s.said(": started")) == 2


BROKEN = {
    "syntax": ("[program:a\ncommand = x\n", "sigmund.ini"),
    "unknown key": ("[program:a]\ncommand = /bin/true\nautorestrat = true\n",
                    "autorestart"),
    "no command": ("[program:a]\n", "command"),
    "value": ("[program:a]\ncommand = /bin/true\nstartsecs = soon\n",
              "startsecs"),
    "user": ("[program:a]\ncommand = /bin/true\nuser = no-such-user\n",
             "no-such-user"),
    "twice": ("[program:a]\ncommand = /bin/true\nprocess_name = x\n"
              "[program:b]\ncommand = /bin/true\nprocess_name = y\n"
              "[group:g]\nprograms = a,zzz\n", "zzz"),
}


# B32, I7
def test_a_broken_file_changes_nothing_and_says_where(start, two):
    s = start(two)
    pids = s.wait_all()
    for name, (text, word) in BROKEN.items():
        s.write(text)
        p = s.ctl("update")
        assert p.returncode == 1, name
        assert "sigmund.ini:" in p.stdout + p.stderr, name
        assert word in p.stdout + p.stderr, name
        seen = len(s.said(r"sigmund\.ini:\d+: error: .*"))
        s.send(signal.SIGHUP)
        s.wait_said(r"sigmund\.ini:\d+: error: ", times=seen + 1)
        assert s.pids() == pids
    s.write(two)
    s.update()
    assert s.pids() == pids


def test_a_file_which_is_gone_changes_nothing(start, two):
    s = start(two)
    pids = s.wait_all()
    os.unlink(s.ini)
    p = s.ctl("update")
    assert p.returncode == 1
    assert "No such file" in p.stdout + p.stderr
    assert s.pids() == pids


@pytest.mark.limit(60)
def test_a_fifo_is_no_file_and_hangs_nobody(start, two):
    """It is refused, or given up; sigmund answers all the time."""
    s = start(two)
    pids = s.wait_all()
    os.unlink(s.ini)
    os.mkfifo(s.ini)
    p = s.ctl("update")
    assert p.returncode == 1, p.stdout + p.stderr
    assert "sigmund.ini" in p.stdout + p.stderr
    assert s.said("update: .*nothing was changed")
    assert s.pids() == pids
    os.unlink(s.ini)
    s.write(two)
    s.update()


def test_a_reader_which_crashes_changes_nothing(start, two, tmp_path):
    s = start(two, env={"SIGMUND_FAULT_READER": str(tmp_path / "fault")})
    pids = s.wait_all()
    (tmp_path / "fault").touch()
    p = s.ctl("update")
    assert p.returncode == 1
    assert "ABRT" in p.stdout + p.stderr
    s.send(signal.SIGHUP)
    s.wait_said("update: .*killed by ABRT.*nothing was changed", times=2)
    assert s.pids() == pids
    (tmp_path / "fault").unlink()
    s.update()
    assert s.pids() == pids


@pytest.mark.limit(60)
def test_a_reader_which_hangs_is_given_up(start, two, tmp_path):
    """After ten seconds, in which all else goes on.

    Whoever asks for an update meanwhile has his own read after that one.
    """
    s = start(two, env={"SIGMUND_FAULT_READER": str(tmp_path / "fault")})
    pids = s.wait_all()
    (tmp_path / "fault").write_text("hang")
    s.send(signal.SIGHUP)
    s.wait_said("HUP; update")
    asked = []
    asks = threading.Thread(target=lambda: asked.append(s.ctl("update")))
    asks.start()
    os.kill(pids["a"], signal.SIGKILL)
    s.wait_new_pid("a", pids["a"])
    s.wait_said("update: .*not read within 10 s.*nothing was changed")
    asks.join()
    assert asked[0].returncode == 1
    assert "not read within 10 s" in asked[0].stdout + asked[0].stderr
    (tmp_path / "fault").unlink()
    s.update()
    assert s.pids()["b"] == pids["b"]


def test_a_shutdown_does_not_wait_for_a_reader(start, two, tmp_path, slow):
    s = start(two, env={"SIGMUND_FAULT_READER": str(tmp_path / "fault")})
    s.wait_all()
    (tmp_path / "fault").write_text("hang")
    with s.connect() as client, client.makefile("rb") as answers:
        client.sendall(b'{"command":"update"}\n')
        s.wait_said("update .asked by")
        assert s.stop(deadline=3 * slow) == 0
        # Who waits for it is told.
        assert not json.loads(answers.readline())["ok"]
    assert not s.said("orphan")


def test_added_start_removed_go_changed_restart_others_stay(
        start, puppet, tmp_path):
    s = start(programs(
        ("stays", puppet("wait")),
        ("policy", puppet("wait")),
        ("born", puppet("wait")),
        ("goes", puppet("wait")),
        ("grows", puppet("wait"),
         "numprocs = 2\nprocess_name = g%(process_num)d\n")))
    old = s.wait_all()
    s.write(programs(
        ("stays", puppet("wait")),
        ("policy", puppet("wait"),
         "stopwaitsecs = 77\nautorestart = true\nstartretries = 9\n"
         "priority = 5\nstopsignal = QUIT\n"),
        ("born", puppet("wait"), "environment = A=1\n"),
        ("comes", puppet("wait")),
        ("grows", puppet("wait"),
         "numprocs = 3\nprocess_name = g%(process_num)d\n")))
    p = s.ctl("update", "--dry-run")
    assert p.returncode == 0
    assert s.pids() == old
    p = s.update()
    new = s.wait_all()
    assert set(new) == {"stays", "policy", "born", "comes", "grows:g0",
                        "grows:g1", "grows:g2"}
    kept = {n for n in new if old.get(n) == new[n]}
    assert kept == {"stays", "policy", "grows:g0", "grows:g1"}
    assert not alive(old["goes"])
    assert not alive(old["born"])
    # The new policy is in force for the living one.
    s.ctl("stop", "policy")
    assert s.service("policy")["exit"] == {"signal": "QUIT"}


def test_an_operators_wish_outlives_an_update(start, puppet):
    """What was stopped by hand stays so, though its birth changes; what was
    started by hand stays up."""
    s = start(programs(("a", puppet("wait")),
                       ("b", puppet("wait"), "autostart = false\n")))
    s.wait_state("a", "RUNNING")
    s.ctl("stop", "a")
    s.ctl("start", "b")
    old = s.service("b")["pid"]
    s.write(programs(("a", puppet("wait"), "environment = A=1\n"),
                     ("b", puppet("wait"),
                      "autostart = false\nenvironment = A=1\n")))
    s.update()
    assert s.service("a")["state"] == "STOPPED"
    assert s.wait_state("b", "RUNNING")["pid"] != old


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def served_by(port):
    """Who listens on ${port}: the inode of its socket."""
    for line in lines("/proc/net/tcp")[1:]:
        fields = line.split()
        if fields[3] == "0A" and fields[1].endswith(":%04X" % port):
            return fields[9]
    return None


# B34
@pytest.mark.parametrize("grace", [0, 300])
def test_two_which_share_a_port_swap_cleanly(start, puppet, tmp_path, grace):
    """The one removed is gone, and all of it, before the one added starts:
    neither of the new ones ever fails to get its port."""
    ports = [free_port(), free_port()]

    def text(names, swap):
        p = ports[::-1] if swap else ports
        return programs(*((name, puppet(
            "listen {1} {0}/{2} on TERM {{ sleep-ms {3} exit 0 }} wait"
            .format(tmp_path, port, name, grace)))
            for name, port in zip(names, p)))
    s = start(text(["a", "b"], False))
    s.wait_all()
    wait_file(tmp_path / "a")
    wait_file(tmp_path / "b")
    # Others, on the same ports; and then those, with the ports swapped.
    s.write(text(["c", "d"], False))
    s.update()
    assert set(s.wait_all()) == {"c", "d"}
    for name in ("c", "d"):
        wait_file(tmp_path / name)
        os.unlink(tmp_path / name)
    s.write(text(["c", "d"], True))
    s.update()
    s.wait_all()
    assert [int(wait_file(tmp_path / n)) for n in ("c", "d")] == ports[::-1]
    assert all(served_by(port) for port in ports)
    assert not s.said("BACKOFF|try 2|exit 65|FATAL")


def test_an_update_during_a_stop_ends_well(start, puppet, tmp_path):
    """Removed and brought back while it is still ending, and removed
    again."""
    stubborn = programs(("x", puppet(
        "ignore TERM write-pid %s/x wait" % tmp_path),
        "stopwaitsecs = 1\n"), ("y", puppet("wait")))
    none = programs(("y", puppet("wait")))
    s = start(stubborn)
    old = s.wait_all()
    wait_file(tmp_path / "x")
    s.write(none)
    s.send(signal.SIGHUP)
    s.wait_state("x", "STOPPING")
    s.write(stubborn)
    s.update()
    new = s.wait_all()
    assert new["y"] == old["y"]
    assert new["x"] != old["x"]
    s.write(none)
    s.update()
    assert set(s.pids()) == {"y"}
    assert not alive(new["x"])
    assert s.pids()["y"] == old["y"]


def configurations(s):
    """How many of them it holds: each is one mapping, which is shared."""
    return sum("/dev/zero" in line for line in lines(
        "/proc/%d/maps" % s.pid))


def test_an_update_can_be_had_again_and_again(start, puppet):
    """Other programs each time: memory, descriptors and names do not pile
    up."""
    s = start(programs(("p0", puppet("wait"))))
    s.wait_all()
    before = fds(s.pid)
    maps = configurations(s)
    for n in range(1, 40):
        s.write(programs(("p%d" % n, puppet("wait"))))
        assert s.ask("update")["ok"]
    s.wait_status("the last one", lambda st: set(st) == {"p39"} and
                  st["p39"]["state"] == "RUNNING")
    s.update()
    assert fds(s.pid) == before
    assert configurations(s) == maps
