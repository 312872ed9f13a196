#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""sigmund as the init of one command against those of its kind.

    solo_bench.py [--starts N] [--pings N] [--rounds N]

Start: how much longer `INIT true` takes than `true`, each contestant in turn,
in a new order each time; the median of all.  Signal: from kill() to the
handler of the command, the median of each round, of which the best counts:
what disturbs a round only makes it slower.  Memory: the proportional set size
while the command sleeps.

Contestants which are not installed are left out; the exit code is 1 when one
of these does not hold: start at most 1.3 of tini's, signal at most 1.1 of the
best, under 500 KiB and less than catatonit's.
"""
import argparse
import os
import random
import re
import shutil
import signal
import statistics
import subprocess
import sys
import time

START_MAX = 1.3
SIGNAL_MAX = 1.1
PSS_MAX_KB = 500


def contestants():
    sigmund = os.environ.get("SIGMUND") or shutil.which("sigmund")
    found = {"bare": [], "sigmund": [sigmund, "--"]}
    for name, options in (("tini", ["-s", "--"]), ("dumb-init", ["--"]),
                          ("catatonit", ["--"])):
        path = shutil.which(name)
        if path is not None:
            found[name] = [path, *options]
    return found


def start_us(argv):
    begin = time.perf_counter_ns()
    pid = os.posix_spawn(argv[0], argv, os.environ)
    _, status, usage = os.wait4(pid, 0)
    assert status == 0, argv
    return ((time.perf_counter_ns() - begin) / 1000,
            (usage.ru_utime + usage.ru_stime) * 1e6)


def measure_starts(found, n):
    """Medians in microseconds: of the time, and of the processor's."""
    true = shutil.which("true")
    got = {name: [] for name in found}
    for _ in range(n):
        for name in random.sample(list(found), len(found)):
            got[name].append(start_us(found[name] + [true]))
    return [{name: statistics.median(g[i] for g in v)
             for name, v in got.items()} for i in (0, 1)]


def measure_signals(found, recorder, pings, rounds):
    best = {}
    for _ in range(rounds):
        for name in random.sample(list(found), len(found)):
            out = subprocess.run(
                [recorder, "ping", str(pings), *found[name]], check=True,
                stdout=subprocess.PIPE, text=True, timeout=120).stdout
            p50 = statistics.median(map(int, out.split())) / 1000
            best[name] = min(p50, best.get(name, p50))
    return best


def pss_kb(argv):
    with subprocess.Popen(argv + ["sleep", "600"]) as p:
        # Until it is idle, which its handing over of the processor shows.
        before = None
        while True:
            time.sleep(0.2)
            with open("/proc/%d/status" % p.pid, encoding="utf-8") as f:
                now = re.search(r"^voluntary_ctxt_switches:.*", f.read(),
                                re.M).group()
            if now == before:
                break
            before = now
        with open("/proc/%d/smaps_rollup" % p.pid, encoding="utf-8") as f:
            kb = int(re.search(r"^Pss:\s+(\d+)", f.read(), re.M).group(1))
        p.send_signal(signal.SIGTERM)
    return kb


class Verdict:
    def __init__(self):
        self.wrong = 0

    def __call__(self, what, is_so, limit):
        self.wrong += is_so > limit
        print("  %-52s %6.2f  at most %g%s" % (
            what, is_so, limit, "" if is_so <= limit else "  MISSED"))


def main():
    parser = argparse.ArgumentParser(description="init of one command")
    parser.add_argument("--starts", type=int, default=400)
    parser.add_argument("--pings", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=7)
    args = parser.parse_args()
    found = contestants()
    recorder = os.path.join(os.environ.get("top_builddir", "build"),
                            "tests/solo/recorder")

    elapsed, cpu = measure_starts(found, args.starts)
    inits = [n for n in found if n != "bare"]
    over = {n: elapsed[n] - elapsed["bare"] for n in inits}
    over_cpu = {n: cpu[n] - cpu["bare"] for n in inits}
    p50 = measure_signals(found, recorder, args.pings, args.rounds)
    pss = {n: pss_kb(found[n]) for n in inits}

    print("%-10s %16s %16s %14s %9s" % (
        "", "start +us", "of it cpu us", "signal us", "PSS KiB"))
    for n in found:
        print("%-10s %16s %16s %14.1f %9s" % (
            n, n in over and "%.0f" % over[n] or "-",
            n in over and "%.0f" % over_cpu[n] or "-", p50[n],
            pss.get(n, "-")))
    verdict = Verdict()
    if "tini" in found:
        verdict("start, of tini's", over["sigmund"] / over["tini"],
                START_MAX)
    peers = [p50[n] for n in inits if n != "sigmund"]
    if peers:
        verdict("signal to handler, of the best", p50["sigmund"] / min(peers),
                SIGNAL_MAX)
    verdict("PSS in KiB", pss["sigmund"], PSS_MAX_KB)
    if "catatonit" in pss:
        verdict("PSS, of catatonit's", pss["sigmund"] / pss["catatonit"], 1)
    return verdict.wrong > 0


if __name__ == "__main__":
    sys.exit(main())
