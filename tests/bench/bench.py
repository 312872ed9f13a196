#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The benchmark: sigmund against a bare fork-exec-wait loop and its peers.

    bench.py [--services N] [--rounds N] [--crashes N] [--only NAME,NAME]

In turn, round by round, each contestant starts N services, has some of them
killed one by one and then all of them at once, and stops; and before that the
same with few services, of which only one by one are killed.  The child tells
by itself when it runs (beat.c), so that nothing is polled while something is
measured.  What is printed are medians over the rounds, and ratios to the
floor of the same run.

All of it happens in a pid namespace of its own where that is allowed, which
ends with the benchmark, and in a directory which is removed.
"""
import argparse
import ctypes
import os
import select
import shutil
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import time

import contestants

BEAT = struct.Struct("=qq")
# What lived less than a second is restarted with a delay by most.
SETTLE_S = 1.3
LIMIT_S = 60
IDLE_S = 10
FEW = 20
PR_SET_CHILD_SUBREAPER = 36


class Tools:
    def __init__(self):
        build = os.environ.get("top_builddir", "build")
        self.floor = os.path.abspath(build + "/tests/bench/floor")
        self.beat = os.path.abspath(build + "/tests/bench/beat")
        self.sigmund = os.path.abspath(
            os.environ.get("SIGMUND", build + "/src/sigmund"))


class Late(Exception):
    pass


class Beats:
    """The FIFO on which the children tell that they run."""

    def __init__(self, path):
        os.mkfifo(path)
        os.chmod(path, 0o622)
        self.fd = os.open(path, os.O_RDWR | os.O_NONBLOCK)

    def wait(self, n):
        """The next N beats as (seconds, pid), by time."""
        got = []
        end = time.monotonic() + LIMIT_S
        while len(got) < n:
            if not select.select([self.fd], [], [], 1)[0]:
                if time.monotonic() > end:
                    raise Late("%d of %d children" % (len(got), n))
                continue
            # Rarely, not to take time from those who are measured.
            if n > 1:
                time.sleep(0.02)
            data = os.read(self.fd, 65536)
            got += [(ns / 1e9, pid) for pid, ns in BEAT.iter_unpack(data)]
        return sorted(got)

    def drain(self):
        try:
            while os.read(self.fd, 65536):
                pass
        except BlockingIOError:
            pass


def descendants(pid):
    """PID and all below it."""
    found = [pid]
    for parent in found:
        try:
            with open("/proc/%d/task/%d/children" % (parent, parent),
                      encoding="ascii") as f:
                found += [int(word) for word in f.read().split()]
        except OSError:
            pass
    return found


def memory(pids):
    """The sum of PSS, and of what is in no file, in bytes."""
    pss = anon = 0
    for pid in pids:
        with open("/proc/%d/smaps_rollup" % pid, encoding="ascii") as f:
            for line in f:
                word = line.split()
                if word[0] == "Pss:":
                    pss += int(word[1]) * 1024
                elif word[0] in ("Pss_Anon:", "Pss_Shmem:"):
                    anon += int(word[1]) * 1024
    return pss, anon


def wakeups(pids):
    n = 0
    for pid in pids:
        with open("/proc/%d/status" % pid, encoding="ascii") as f:
            n += sum(int(line.split()[1]) for line in f
                     if "_ctxt_switches" in line)
    return n


class Fleet:
    """One contestant with its N services, up."""

    def __init__(self, contestant, n):
        self.contestant = contestant
        self.work = tempfile.mkdtemp(prefix="sigmund-bench.")
        os.chmod(self.work, 0o755)
        self.beats = Beats(self.work + "/beats")
        contestant.prepare(self.work, n)
        with open(self.work + "/log", "wb") as log:
            begin = time.monotonic()
            self.process = subprocess.Popen(
                contestant.argv(self.work, n), stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, cwd=self.work,
                env=dict(os.environ, BEAT=self.work + "/beats"))
        try:
            up = self.beats.wait(n)
        except Late:
            self.end()
            raise
        self.start_s = up[-1][0] - begin
        self.pids = [pid for _, pid in up]

    def supervisors(self):
        children = set(self.pids)
        return [pid for pid in descendants(self.process.pid)
                if pid not in children]

    def crash(self, index):
        """Kill one child; how long until another runs?"""
        begin = time.monotonic()
        os.kill(self.pids[index], signal.SIGKILL)
        when, self.pids[index] = self.beats.wait(1)[0]
        return when - begin

    def crash_all(self):
        begin = time.monotonic()
        for pid in self.pids:
            os.kill(pid, signal.SIGKILL)
        up = self.beats.wait(len(self.pids))
        self.pids = [pid for _, pid in up]
        return up[-1][0] - begin

    def stop(self):
        """Until nothing is left of it; what it loses becomes our child."""
        begin = time.monotonic()
        self.process.send_signal(self.contestant.term)
        while reap():
            pass
        return time.monotonic() - begin

    def end(self):
        """By force, and whatever state it is in."""
        while True:
            left = descendants(os.getpid())[1:]
            if not left:
                break
            for pid in left:
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
            reap()
        # It was waited for.
        self.process.returncode = 0
        os.close(self.beats.fd)
        shutil.rmtree(self.work, ignore_errors=True)


def ring(_signo, _frame):
    raise Late("the end")


def reap():
    """Wait for one child of ours.  Is there one?"""
    signal.alarm(LIMIT_S)
    try:
        os.waitpid(-1, 0)
        return True
    except ChildProcessError:
        return False
    finally:
        signal.alarm(0)


# Name, unit, what one unit is, and whether a ratio to the floor says anything.
ROWS = (
    ("start", "start of all", "ms", 1e-3, True),
    ("crash_few", "crash to running, of %d" % FEW, "us", 1e-6, True),
    ("crash", "crash to running, of all", "us", 1e-6, True),
    ("crash_all", "all killed and back", "ms", 1e-3, True),
    ("stop", "stop of all", "ms", 1e-3, True),
    ("pss_one", "memory, one service", "KiB", 1024, False),
    ("pss_more", "  each further", "B", 1, False),
    ("own_one", "in no file, one", "KiB", 1024, False),
    ("own_more", "  each further", "B", 1, False),
    ("wakeups", "wake-ups in %d s" % IDLE_S, "", 1, False),
)


class Results:
    def __init__(self):
        self.values = {}

    def add(self, name, row, *values):
        self.values.setdefault((name, row), []).extend(values)

    def median(self, name, row):
        values = self.values.get((name, row))
        return statistics.median(values) if values else None

    def cell(self, name, row, unit, ratio):
        value, floor = self.median(name, row), self.median("floor", row)
        if value is None:
            return "-"
        text = "%.0f" % (value / unit)
        return text + "  %5.2f" % (value / floor) if ratio and floor else text

    def table(self, names):
        print("%-26s" % "" + "".join("%16s" % name for name in names))
        for row, title, unit, size, ratio in ROWS:
            cells = [self.cell(name, row, size, ratio) for name in names]
            label = title + (", " + unit if unit else "")
            print("%-26s" % label + "".join("%16s" % c for c in cells))


def crash_some(fleet, most, seconds):
    """Kill up to MOST children, evenly chosen; the median latency."""
    count = len(fleet.pids)
    took = []
    end = time.monotonic() + seconds
    for k in range(min(most, count)):
        took.append(fleet.crash(k * count // min(most, count)))
        time.sleep(0.01)
        if time.monotonic() > end:
            break
    return statistics.median(took)


def measure_one(contestant, results):
    """What it takes for a single service, idle."""
    fleet = Fleet(contestant, 1)
    try:
        time.sleep(SETTLE_S)
        pss, own = memory(fleet.supervisors())
        results.add(contestant.name, "pss_one", pss)
        results.add(contestant.name, "own_one", own)
        fleet.stop()
    finally:
        fleet.end()


def measure_few(contestant, results):
    fleet = Fleet(contestant, FEW)
    try:
        time.sleep(SETTLE_S)
        results.add(contestant.name, "crash_few", crash_some(fleet, FEW, 5))
        fleet.stop()
    finally:
        fleet.end()


def measure_all(contestant, results, options, first):
    name = contestant.name
    fleet = Fleet(contestant, options.services)
    try:
        results.add(name, "start", fleet.start_s)
        time.sleep(SETTLE_S)
        more = max(1, options.services - 1)
        pss, own = memory(fleet.supervisors())
        results.add(name, "pss_more",
                    (pss - results.median(name, "pss_one")) / more)
        results.add(name, "own_more",
                    (own - results.median(name, "own_one")) / more)
        if first:
            before = wakeups(fleet.supervisors())
            time.sleep(options.idle)
            results.add(name, "wakeups", wakeups(fleet.supervisors()) - before)
        results.add(name, "crash", crash_some(fleet, options.crashes, 20))
        time.sleep(SETTLE_S)
        fleet.beats.drain()
        results.add(name, "crash_all", fleet.crash_all())
        time.sleep(SETTLE_S)
        results.add(name, "stop", fleet.stop())
    finally:
        fleet.end()


def alone():
    """Go on in a pid namespace of our own, which nothing can outlive."""
    if os.environ.get("BENCH_ALONE"):
        return
    os.environ["BENCH_ALONE"] = "yes"
    unshare = ["unshare", "-pf", "--mount-proc", "--kill-child"]
    if os.getuid() != 0:
        unshare.insert(1, "-Ur")
    try:
        able = subprocess.run(unshare + ["true"], check=False,
                              stderr=subprocess.DEVNULL).returncode == 0
    except OSError:
        able = False
    if able:
        os.execvp(unshare[0], unshare + [sys.executable] + sys.argv)
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def parse():
    p = argparse.ArgumentParser()
    p.add_argument("--services", type=int, default=1000)
    p.add_argument("--rounds", type=int, default=5)
    p.add_argument("--crashes", type=int, default=100)
    p.add_argument("--idle", type=float, default=IDLE_S)
    p.add_argument("--only", default="")
    return p.parse_args()


def main():
    options = parse()
    alone()
    signal.signal(signal.SIGALRM, ring)
    tools = Tools()
    load = os.getloadavg()[0]
    chosen = [c(tools) for c in contestants.ALL
              if not options.only or c.name in options.only.split(",")]
    taking_part = [c for c in chosen if c.found()]
    for c in chosen:
        if c not in taking_part:
            print("%s is not installed" % c.name)
    results = Results()
    for turn in range(options.rounds):
        for c in list(taking_part):
            print("round %d: %s" % (turn + 1, c.name), file=sys.stderr)
            try:
                measure_one(c, results)
                measure_few(c, results)
                measure_all(c, results, options, turn == 0)
            except Late as why:
                print("%s gave up: %s" % (c.name, why))
                taking_part.remove(c)
    print("%d services, %d rounds, %d processors, load %.1f before, Linux %s; "
          "medians, and ratios to the floor"
          % (options.services, options.rounds, os.cpu_count(), load,
             os.uname().release))
    results.table([c.name for c in chosen if c.found()])


if __name__ == "__main__":
    main()
