# SPDX-License-Identifier: MIT
"""Goal: PostgreSQL, a tree of processes with another user, lives and dies."""
import glob
import os
import pwd
import shutil
import signal
import subprocess
import tempfile

import pytest

import harness
import servers

INI = """
[program:db]
command = %s -D %s/data -k %s -c listen_addresses='' -c fsync=off
user = postgres
startsecs = 300ms
stopsignal = INT
stopwaitsecs = 20
"""


def programs():
    """Where Debian and others have them: not in PATH."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/postgres"))
    postgres = found[-1] if found else servers.which("postgres")
    return os.path.dirname(postgres) if postgres else None


@pytest.fixture
def directory():
    """One which the user postgres may enter, with a new cluster."""
    where = programs()
    if where is None or os.getuid() != 0:
        pytest.skip("needs PostgreSQL, and root")
    user = pwd.getpwnam("postgres")
    path = tempfile.mkdtemp(prefix="sigmund-pg.")
    os.chown(path, user.pw_uid, user.pw_gid)
    subprocess.run(
        [where + "/initdb", "-D", path + "/data", "-A", "trust", "-N"],
        user=user.pw_uid, group=user.pw_gid, extra_groups=[], cwd=path,
        env={"PATH": os.environ["PATH"], "LC_ALL": "C"}, check=True,
        stdout=subprocess.DEVNULL, timeout=60)
    yield path
    shutil.rmtree(path, ignore_errors=True)


def count(path):
    """An answer to a query, or None."""
    p = subprocess.run(
        [programs() + "/psql", "-h", path, "-U", "postgres", "-Atc",
         "select count(*) from kept"], capture_output=True, text=True,
        timeout=20, check=False)
    return p.stdout.strip() or None


def query(path, text):
    subprocess.run(
        [programs() + "/psql", "-h", path, "-U", "postgres", "-qc", text],
        check=True, timeout=20)


@pytest.mark.limit(120)
def test_it_keeps_its_data_through_a_kill_and_a_shutdown(
        start, directory, slow):
    text = INI % (programs() + "/postgres", directory, directory)
    s = start(text)
    s.wait_state("db", "RUNNING")
    harness.wait("its socket", lambda: os.path.exists(
        directory + "/.s.PGSQL.5432"))
    query(directory, "create table kept (n int)")
    query(directory, "insert into kept values (1), (2), (3)")

    # Its children hold the shared memory: the next one would not start.
    old = s.service("db")["pid"]
    tree = [p.pid for p in harness.descendants(old)]
    assert len(tree) > 3
    os.kill(old, signal.SIGKILL)
    s.wait_new_pid("db", old)
    for pid in tree:
        harness.wait_gone(pid)
    harness.wait("3 rows", lambda: count(directory) == "3",
                 harness.DEADLINE_S * slow, 0.1)
    assert s.service("db")["restarts"] == 1

    tree = [p.pid for p in harness.descendants(s.service("db")["pid"])]
    assert s.stop(deadline=30 * slow) == 0
    assert not any(harness.alive(pid) for pid in tree)
    assert s.said("db: stopped: exit 0")
    assert not os.path.exists(directory + "/data/postmaster.pid")
