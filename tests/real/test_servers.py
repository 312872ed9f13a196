# SPDX-License-Identifier: MIT
"""Goal: what people run under a supervisor runs under this one."""
import os
import pwd
import signal

import pytest

import servers
from harness import alive, children, descendants, status_field, wait_gone


@pytest.fixture
def fleet(start, as_pid1, tmp_path, slow):
    """A sigmund with all of them, each up and answering."""
    parts = [cls(tmp_path) for cls in servers.ALL if cls.found()]
    if not parts:
        pytest.skip("none of the servers is installed")
    s = start(servers.ini(parts), pid1=as_pid1)
    s.wait_all("RUNNING", 20 * slow)
    for part in parts:
        servers.wait_served(part, slow)
    return s, parts


def main_pid(s, part):
    return servers.outer(s, s.service(part.name)["pid"])


def crash(s, part):
    """kill -9 of its main process alone."""
    old = s.service(part.name)["pid"]
    os.kill(servers.outer(s, old), signal.SIGKILL)
    s.wait_new_pid(part.name, old)


def test_each_serves_and_the_workers_of_nginx_are_www_data(fleet):
    s, parts = fleet
    mine = [part for part in parts if part.name == "nginx"]
    if not mine or os.getuid() != 0:
        pytest.skip("needs nginx, and root")
    master = main_pid(s, mine[0])
    workers = children(master)
    assert len(workers) == 2
    uid = str(pwd.getpwnam("www-data").pw_uid)
    for pid in workers:
        assert status_field(pid, "Uid").split() == [uid] * 4
    assert status_field(master, "Uid").split() == ["0"] * 4


def test_each_serves_again_after_a_kill(fleet, slow):
    """Of nginx the workers live on, and hold its port: they are ended."""
    s, parts = fleet
    for part in parts:
        before = {p.pid for p in descendants(main_pid(s, part))}
        crash(s, part)
        servers.wait_served(part, slow)
        s.wait_state(part.name, "RUNNING")
        for pid in before:
            wait_gone(pid)
    assert all(st["restarts"] == 1 for st in s.status().values())


def test_a_hup_touches_what_has_changed_alone(fleet, slow):
    """One changes, one goes, one comes; the others keep their process."""
    s, parts = fleet
    changed, gone, kept = parts[-2], parts[-1], parts[:-2]
    pids, old = s.pids(), main_pid(s, gone)
    fresh = type(changed)(s.dir + "/more")
    fresh.name = "fresh"
    text = servers.ini(kept) + changed.section() + "umask = 027\n"
    s.write(text + "\n[program:fresh]\nstartsecs = 300ms\ncommand = " +
            fresh.command() + "\n")
    s.send(signal.SIGHUP)
    s.wait_status("what the new INI says",
                  lambda st: gone.name not in st and "fresh" in st)
    s.wait_new_pid(changed.name, pids[changed.name])
    s.wait_all("RUNNING", 20 * slow)
    wait_gone(old)
    now = s.pids()
    assert all(now[part.name] == pids[part.name] for part in kept)
    for part in [changed, *kept]:
        servers.wait_served(part, slow)


def test_all_go_with_a_term(fleet):
    s, _parts = fleet
    pids = [p.pid for p in descendants(s.pid)]
    assert len(pids) >= len(_parts)
    assert s.stop() == 0
    assert not any(alive(pid) for pid in pids)
