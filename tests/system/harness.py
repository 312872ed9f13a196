# SPDX-License-Identifier: MIT
"""A real sigmund for one test: its INI, its socket, its log, its end.

    def test_x(start, puppet):
        s = start("[program:web]\\ncommand = " + puppet("wait"))
        s.wait_state("web", "RUNNING")

Nothing here sleeps to be sure: wait() polls for what must come, and fails
with what it saw when that does not come in time.  Whatever a test starts
becomes a descendant of pytest, which is a subreaper, and is ended with it.
"""
import contextlib
import ctypes
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time

PR_SET_CHILD_SUBREAPER = 36
STEP_S = 0.005
# A time which a machine under load, or a sanitizer, may need for anything.
DEADLINE_S = 20

MAIN = """[{section}]
socket = {socket}
runtime_directory = {directory}
{more}
"""


def become_subreaper():
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


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


# --- /proc

class Proc:
    """What /proc/PID/stat says."""

    def __init__(self, pid):
        with open("/proc/%d/stat" % pid, encoding="utf-8",
                  errors="replace") as f:
            text = f.read()
        fields = text[text.rindex(")") + 2:].split()
        self.pid = pid
        self.comm = text[text.index("(") + 1:text.rindex(")")]
        self.state = fields[0]
        self.ppid, self.pgid, self.sid = (int(n) for n in fields[1:4])
        self.ticks = int(fields[11]) + int(fields[12])
        self.start = int(fields[19])

    @property
    def ended(self):
        return self.state in "ZX"


def proc(pid):
    try:
        return Proc(pid)
    except (OSError, ValueError):
        return None


def is_ours(p):
    """Does it descend from us?  A number may be a stranger's by now."""
    while p is not None and p.pid > 1:
        if p.ppid == os.getpid():
            return True
        p = proc(p.ppid)
    return False


def alive(pid):
    """A zombie is none: somebody else has to reap it."""
    p = proc(pid)
    return p is not None and not p.ended and is_ours(p)


def children(pid):
    """The pids of its children, from each of its threads."""
    found = []
    with contextlib.suppress(OSError):
        for task in os.listdir("/proc/%d/task" % pid):
            with open("/proc/%d/task/%s/children" % (pid, task),
                      encoding="utf-8") as f:
                found += map(int, f.read().split())
    return found


def descendants(root):
    """What descends from it now; zombies too."""
    found, todo = [], [root]
    while todo:
        more = children(todo.pop())
        found += more
        todo += more
    return [p for p in map(proc, found) if p is not None]


def status_field(pid, name):
    with open("/proc/%d/status" % pid, encoding="utf-8") as f:
        for line in f:
            if line.startswith(name + ":"):
                return line.split(":", 1)[1].strip()
    raise KeyError(name)


def fds(pid):
    """How many descriptors it has when nothing is under way."""
    seen = []

    def same():
        seen.append(len(os.listdir("/proc/%d/fd" % pid)))
        return len(seen) > 4 and len(set(seen[-5:])) == 1
    wait("a moment of rest", same, step=0.02)
    return seen[-1]


def end_all():
    """Kill all which descends from us, and reap what became our child."""
    def left():
        found = [p for p in descendants(os.getpid()) if not p.ended]
        for p in found:
            with contextlib.suppress(ProcessLookupError):
                os.kill(p.pid, signal.SIGKILL)
        return not found
    wait("the end of all descendants", left)
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0] != 0:
            pass


# --- files which puppets write

def read(path):
    try:
        with open(path, encoding="utf-8", errors="replace") as f:
            return f.read()
    except FileNotFoundError:
        return ""


def lines(path):
    return read(path).splitlines()


def wait_file(path, deadline=DEADLINE_S):
    return wait("the file %s" % path, lambda: read(path), deadline)


def wait_pid(path):
    """The pid which a puppet wrote, once it has."""
    return int(wait_file(path))


def wait_gone(pid, deadline=DEADLINE_S):
    wait("the end of pid %d" % pid, lambda: not alive(pid), deadline)


class Sigmund:
    """One sigmund.  It is started by launch(), or by the fixture start.

    programs    the INI, without its main section
    main        more lines for that
    section     "sigmund" or "supervisord"
    pid1        as PID 1 of a pid namespace of its own
    wrap        a command before it, which executes it
    options     of sigmund
    env         variables to add; None removes one
    popen       for subprocess.Popen
    """

    def __init__(self, paths, directory, programs="", main="",
                 section="sigmund", pid1=False, wrap=(), options=(),
                 env=None, popen=None):
        self.paths = paths
        self.dir = str(directory)
        self.main = main
        self.section = section
        self.pid1 = pid1
        self.wrap = list(wrap)
        self.options = list(options)
        self.env = env or {}
        self.popen = popen or {}
        self.ini = os.path.join(self.dir, "sigmund.ini")
        self.socket = os.path.join(self.dir, "s")
        self.log_path = os.path.join(self.dir, "log")
        self.patience = DEADLINE_S
        self.process = None
        self.pid = None
        self.write(programs)

    # Its files.

    def write(self, programs, main=None):
        """Make the INI complete at once."""
        if main is not None:
            self.main = main
        text = MAIN.format(section=self.section, socket=self.socket,
                           directory=self.dir, more=self.main) + programs
        with open(self.ini + ".new", "w", encoding="utf-8") as f:
            f.write(text)
        os.rename(self.ini + ".new", self.ini)

    def log(self):
        return read(self.log_path)

    def said(self, pattern):
        """The lines of the log with ${pattern}."""
        return [line for line in self.log().splitlines()
                if re.search(pattern, line)]

    def wait_said(self, pattern, deadline=DEADLINE_S, times=1):
        return wait("%r in the log" % pattern,
                    lambda: len(self.said(pattern)) >= times and
                    self.said(pattern), deadline)

    # Its life.

    def command(self):
        cmd = [self.paths.sigmund, "-c", self.ini, *self.options]
        cmd = self.wrap + cmd
        if self.pid1:
            cmd = ["unshare", "-pf", "--mount-proc", "--kill-child",
                   "--"] + cmd
        return cmd

    def environment(self):
        environ = {k: v for k, v in os.environ.items()
                   if not k.startswith("SIGMUND")}
        for name, value in self.env.items():
            environ.pop(name, None)
            if value is not None:
                environ[name] = value
        return environ

    def launch(self):
        how = {"cwd": self.dir, "stdin": subprocess.DEVNULL,
               "start_new_session": True, "env": self.environment()}
        how.update(self.popen)
        with open(self.log_path, "ab") as log:
            how.setdefault("stdout", log)
            how.setdefault("stderr", log)
            self.process = subprocess.Popen(self.command(), **how)
        self.pid = self.process.pid
        return self

    def find_pid(self):
        """Below unshare and wrappers: the process which is sigmund."""
        name = os.path.basename(self.paths.sigmund)
        if self.wrap and "valgrind" in self.wrap[0]:
            return self.process.pid
        for p in [proc(self.process.pid),
                  *descendants(self.process.pid)]:
            if p is not None and p.comm == name:
                return p.pid
        return None

    def ready(self, deadline=DEADLINE_S):
        """It answers on its socket."""
        def answers():
            assert self.process.poll() is None, \
                "sigmund ended with %d" % self.process.returncode
            try:
                return self.ask("version")
            except OSError:
                return None
        wait("an answer from sigmund", answers, deadline)
        self.pid = self.find_pid()
        return self

    def send(self, signo):
        os.kill(self.pid, signo)

    def kill(self):
        """kill -9 of sigmund itself; what it started lives on."""
        self.send(signal.SIGKILL)
        self.process.wait(DEADLINE_S)

    def exit_code(self, deadline=DEADLINE_S):
        try:
            return self.process.wait(deadline)
        except subprocess.TimeoutExpired:
            raise AssertionError("sigmund does not end") from None

    def stop(self, signo=signal.SIGTERM, deadline=DEADLINE_S):
        """Shut down and return the exit code."""
        self.send(signo)
        return self.exit_code(deadline)

    # What it answers.

    def connect(self):
        client = socket.socket(socket.AF_UNIX)
        client.settimeout(self.patience)
        try:
            address = self.socket
            if address.startswith("@"):
                address = "\0" + address[1:]
            client.connect(address)
        except OSError:
            client.close()
            raise
        return client

    def ask(self, command, **fields):
        """One request and its reply, as dictionaries."""
        fields.update(command=command, id=1)
        with self.connect() as client, client.makefile("rb") as answers:
            client.sendall(json.dumps(fields).encode() + b"\n")
            line = answers.readline()
            if not line:
                raise ConnectionResetError("no answer")
            return json.loads(line)

    def status(self):
        return {s["name"]: s for s in self.ask("status")["services"]}

    def service(self, name):
        return self.status()[name]

    def states(self):
        return {name: s["state"] for name, s in self.status().items()}

    def pids(self):
        return {name: s["pid"] for name, s in self.status().items()}

    def wait_status(self, what, true, deadline=DEADLINE_S):
        """Until true(status()) is; return what it returned."""
        last = [None]

        def look():
            last[0] = self.status()
            return true(last[0])
        try:
            return wait(what, look, deadline)
        except AssertionError as e:
            raise AssertionError("%s\n%s" % (e, json.dumps(
                last[0], indent=1)[:20000])) from None

    def wait_state(self, name, state, deadline=DEADLINE_S):
        return self.wait_status(
            "%s %s" % (name, state),
            lambda st: name in st and st[name]["state"] == state and
            st[name], deadline)

    def wait_all(self, state="RUNNING", deadline=DEADLINE_S):
        self.wait_status(
            "all %s" % state,
            lambda st: all(s["state"] == state for s in st.values()),
            deadline)
        return self.pids()

    def wait_new_pid(self, name, old, deadline=DEADLINE_S):
        return self.wait_status(
            "a new pid of %s" % name,
            lambda st: st[name]["pid"] not in (None, old) and
            st[name]["pid"], deadline)

    def ctl(self, *args, timeout=60, **how):
        return subprocess.run(
            [self.paths.sigctl, "-s", self.socket, *args],
            capture_output=True, text=True, timeout=timeout,
            env=self.environment(), check=False, **how)

    def update(self):
        """sigctl update; it must go well."""
        p = self.ctl("update")
        assert p.returncode == 0, p.stdout + p.stderr
        return p

    def show(self):
        print("--- log of %s" % self.dir)
        log = self.log().splitlines()
        if len(log) > 300:
            log = log[:100] + ["..."] + log[-200:]
        print("\n".join(log))


def have_namespaces():
    """Can we make pid namespaces here?"""
    if shutil.which("unshare") is None:
        return False
    return subprocess.run(
        ["unshare", "-pf", "--mount-proc", "true"],
        stderr=subprocess.DEVNULL, check=False).returncode == 0
