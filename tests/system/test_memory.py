# SPDX-License-Identifier: MIT
"""Goal: a life with all that can happen leaves no byte and no descriptor
behind, by valgrind's word."""
import os
import re
import shutil
import signal
import subprocess

import pytest

from harness import read, wait

VALGRIND = ["valgrind", "--leak-check=full", "--errors-for-leak-kinds=all",
            "--show-leak-kinds=all", "--track-fds=yes",
            "--child-silent-after-fork=yes"]

# Memory which a child does not get valgrind takes for there all the same, and
# is busy for minutes with each word of it when the child ends.
SHIM = """
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
int madvise(void *at, size_t size, int advice)
{
	if (advice == MADV_DONTFORK)
		return (0);
	return ((int)syscall(SYS_madvise, at, size, advice));
}
"""


@pytest.fixture(scope="session")
def shim(tmp_path_factory):
    cc = (os.environ.get("CC") or "cc").split()
    if shutil.which("valgrind") is None or shutil.which(cc[0]) is None:
        pytest.skip("no valgrind, or no compiler")
    here = tmp_path_factory.mktemp("shim")
    (here / "shim.c").write_text(SHIM)
    subprocess.run([*cc, "-D_GNU_SOURCE", "-shared", "-fPIC", "-o",
                    str(here / "shim.so"), str(here / "shim.c")], check=True)
    return str(here / "shim.so")


@pytest.fixture
def watched(start, paths, tmp_path, shim):
    """Start sigmund below valgrind; at the end it must have no complaint."""
    if paths.sanitizers:
        pytest.skip("a sanitizer watches already")
    report = tmp_path / "valgrind"

    def begin(text, env=None, **how):
        return start(text, wrap=[*VALGRIND, "--log-file=%s" % report],
                     env=dict(env or {}, LD_PRELOAD=shim), **how)

    def judge(s, code=0):
        assert s.exit_code() == code, read(report)
        said = read(report)
        assert "All heap blocks were freed" in said, said
        assert "ERROR SUMMARY: 0 errors" in said, said
        # What is open at the end was open at the beginning.
        for line in re.findall(r"Open .*\n.*", said):
            assert "inherited" in line, said
    begin.judge = judge
    return begin


@pytest.mark.limit(120)
def test_a_life_with_everything_loses_nothing(watched, puppet):
    def text(*names):
        return "".join("[program:%s]\nstartsecs = 0\nstopwaitsecs = 1\n"
                       "command = %s\n" % (name, puppet("wait"))
                       for name in names)
    failing = ("[program:fails]\nstartretries = 1\ncommand = /bin/false\n"
               "[program:absent]\nstartretries = 0\ncommand = /nonexistent\n"
               "[program:forks]\nautorestart = false\nstartsecs = 0\n"
               "command = " + puppet("fork { fork { wait } } sleep-ms 100")
               + "\n")
    s = watched(text("a", "b", "c") + failing)
    s.wait_state("a", "RUNNING", 60)
    pid = s.wait_state("b", "RUNNING")["pid"]
    os.kill(pid, signal.SIGKILL)
    s.wait_new_pid("b", pid)
    s.wait_state("forks", "EXITED")
    s.wait_state("absent", "FATAL")
    for command in (["status"], ["status", "--json"], ["status", "a"],
                    ["stop", "a"], ["start", "a"], ["restart", "a"],
                    ["signal", "HUP", "c"], ["signal", "--tree", "USR1",
                                             "a"],
                    ["status", "nothing"], ["start", "absent"],
                    ["version"], ["avail"]):
        s.ctl(*command)
    with s.connect() as watcher, s.connect() as half, s.connect() as silent:
        watcher.sendall(b'{"command":"watch"}\n')
        half.sendall(b'{"command":')
        assert silent
        for names in (["a", "d"], ["a", "b", "c"]):
            s.write(text(*names))
            s.update()
        s.write("[program:broken\n")
        assert s.ctl("update").returncode == 1
        s.send(signal.SIGHUP)
        s.send(signal.SIGUSR1)
        s.send(signal.SIGUSR2)
        s.wait_said("HUP; update")
        s.write(text("a", "b", "f"))
        s.ctl("update", "--dry-run")
        s.send(signal.SIGHUP)
        s.wait_state("f", "RUNNING")
        s.send(signal.SIGTERM)
        watched.judge(s)


def test_a_start_which_is_refused_loses_nothing(watched, prepare, puppet,
                                                tmp_path, shim):
    s = watched("[program:a]\nstartsecs = 0\ncommand = " + puppet("wait"))
    second = prepare("[program:a]\ncommand = " + puppet("wait"),
                     wrap=[*VALGRIND, "--log-file=%s/valgrind"
                           % (tmp_path / "second")],
                     directory=tmp_path / "second",
                     env={"LD_PRELOAD": shim})
    second.socket, second.dir = s.socket, s.dir
    second.write("[program:a]\ncommand = " + puppet("wait"))
    second.launch()
    assert second.exit_code() == 1
    said = read(tmp_path / "second" / "valgrind")
    assert "ERROR SUMMARY: 0 errors" in said, said
    wait("the first is as it was", lambda: s.states() == {"a": "RUNNING"})
    s.send(signal.SIGTERM)
    watched.judge(s)


def test_an_end_in_the_midst_of_everything_loses_nothing(watched, puppet,
                                                         tmp_path):
    """A read under way, a birth which nobody has told of yet, services in
    every state."""
    s = watched("[program:a]\nstartsecs = 0\ncommand = %s\n"
                "[program:b]\nstartretries = 100\ncommand = /bin/false\n"
                "[program:c]\nstartsecs = 60\ncommand = %s\n" % (
                    puppet("wait"), puppet("wait")),
                env={"SIGMUND_FAULT_READER": str(tmp_path / "fault")})
    s.wait_state("a", "RUNNING", 60)
    (tmp_path / "fault").write_text("hang")
    with s.connect() as client:
        client.sendall(b'{"command":"update","watch":true}\n')
        s.wait_said("update .asked")
        s.ask("restart", names=["all"])
        s.send(signal.SIGINT)
        s.wait_said("INT; shutting down")
        s.send(signal.SIGINT)
        watched.judge(s)
