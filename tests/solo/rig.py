# SPDX-License-Identifier: MIT
"""sigmund with one command, plain or as PID 1 of a pid namespace of its own.

    def test_x(solo):
        assert solo.run("--", "sh", "-c", "exit 7").returncode == 7

Nothing sleeps to be sure: wait() polls for what must come, and fails with
what was waited for when it does not come in time.
"""
import os
import signal
import subprocess
import time

STEP_S = 0.005
# A time which a machine under load, or a sanitizer, may need for anything.
DEADLINE_S = 30

UNSHARE = ["unshare", "--pid", "--fork", "--mount-proc", "--kill-child"]
# Those which come to nothing: nobody can catch KILL and STOP, CHLD is
# sigmund's own.
SIGNALS = [n for n in range(1, 65) if n not in (
    signal.SIGKILL, signal.SIGSTOP, signal.SIGCHLD)]


def wait(what, true, deadline=DEADLINE_S, step=STEP_S):
    """Poll until true() is, and return what it returned."""
    end = time.monotonic() + deadline
    while True:
        got = true()
        if got:
            return got
        if time.monotonic() > end:
            raise AssertionError("not within %g s: %s" % (deadline, what))
        time.sleep(step)


def read(path):
    try:
        with open(path, encoding="utf-8", errors="replace") as f:
            return f.read()
    except OSError:
        return ""


def wait_text(path, text):
    return wait("%r in %s" % (text, path),
                lambda: text in read(path) and read(path))


def status(pid):
    """/proc/PID/status as a dict; {} when there is none."""
    return dict(line.split(":\t", 1)
                for line in read("/proc/%d/status" % pid).splitlines()
                if ":\t" in line)


def state(pid):
    return status(pid).get("State", "X")[0]


def children(pid):
    return [int(n) for n in
            read("/proc/%d/task/%d/children" % (pid, pid)).split()]


def switches(pid):
    s = status(pid)
    return (int(s["voluntary_ctxt_switches"]) +
            int(s["nonvoluntary_ctxt_switches"]))


def can_unshare():
    return subprocess.run(UNSHARE + ["true"], capture_output=True,
                          check=False).returncode == 0


class Running:
    """A sigmund which was started; .pid is its own, .command its child's."""

    def __init__(self, popen, pid1):
        self.popen = popen
        self.pid1 = pid1

    def is_sigmund(self, pid):
        # Asleep it waits for signals: before, they would find it unready.
        return (status(pid).get("Name") == "sigmund" and
                int(status(pid).get("SigBlk", "0"), 16) >> 63 and [pid])

    @property
    def pid(self):
        if not self.pid1:
            return wait("sigmund", lambda: self.is_sigmund(self.popen.pid))[0]
        return wait("sigmund", lambda: [
            p for p in children(self.popen.pid) if self.is_sigmund(p)])[0]

    @property
    def command(self):
        return wait("the command", lambda: children(self.pid))[0]

    def kill(self, signo):
        os.kill(self.pid, signo)

    def end(self, timeout=DEADLINE_S):
        return self.popen.wait(timeout)


class Solo:
    """Starts sigmund, behind ${launcher} where one is given."""

    def __init__(self, paths, pid1):
        self.paths = paths
        self.pid1 = pid1
        self.running = []

    def argv(self, args, launcher=()):
        return ((UNSHARE if self.pid1 else []) + list(launcher) +
                [self.paths.sigmund, *map(str, args)])

    def run(self, *args, launcher=(), timeout=DEADLINE_S, **how):
        how.setdefault("stdin", subprocess.DEVNULL)
        return subprocess.run(
            self.argv(args, launcher), stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, timeout=timeout, check=False,
            **how)

    def code(self, *args, **how):
        return self.run(*args, **how).returncode

    def start(self, *args, launcher=(), **how):
        how.setdefault("stdin", subprocess.DEVNULL)
        self.running.append(Running(
            subprocess.Popen(self.argv(args, launcher), **how), self.pid1))
        return self.running[-1]

    def end_all(self):
        for r in self.running:
            if r.popen.poll() is None:
                for pid in [p for c in children(r.popen.pid)
                            for p in [c, *children(c)]]:
                    try:
                        os.kill(pid, signal.SIGKILL)
                    except OSError:
                        pass
                r.popen.kill()
                r.popen.wait()
            for f in (r.popen.stdout, r.popen.stderr):
                if f is not None:
                    f.close()
