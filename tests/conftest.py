# SPDX-License-Identifier: MIT
"""What all pytest files share: one TAP line a test, and a limit for each.

A test has 60 seconds, or what @pytest.mark.limit(SECONDS) gives it.  When
they are over it fails where it stands; when it does not even notice that, the
whole run ends with a traceback 20 seconds later.
"""
import faulthandler
import os
import signal

import pytest

LIMIT_S = 60
STUBBORN_S = 20


class Paths:
    """Where the programs under test are."""

    def __init__(self):
        env = os.environ
        here = os.path.dirname(os.path.abspath(__file__))
        self.srcdir = env.get("top_srcdir", os.path.dirname(here))
        self.builddir = env.get(
            "top_builddir", os.path.join(self.srcdir, "build"))
        self.sigmund = env.get(
            "SIGMUND", os.path.join(self.builddir, "src/sigmund"))
        self.sigctl = env.get(
            "SIGCTL", os.path.join(self.builddir, "src/sigctl"))
        self.puppet = env.get(
            "PUPPET", os.path.join(self.builddir, "tests/system/puppet"))
        self.sanitizers = env.get("SANITIZERS", "no") == "yes"


@pytest.fixture(scope="session")
def paths():
    return Paths()


class TooLong(Exception):
    pass


def ring(_signo, _frame):
    raise TooLong("the test did not end within its limit")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_protocol(item):
    mark = item.get_closest_marker("limit")
    seconds = mark.args[0] if mark else LIMIT_S
    faulthandler.dump_traceback_later(seconds + STUBBORN_S, exit=True)
    old = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, old)
    faulthandler.cancel_dump_traceback_later()


class Tap:
    """Writes each result at once: what was written survives a crash."""

    def __init__(self, path):
        self.out = open(path, "w", buffering=1, encoding="utf-8")
        self.broken = 0
        self.verdict = None

    def pytest_collectreport(self, report):
        if report.failed:
            self.broken += 1
            self.line("not ok", report.nodeid or "collection", report)

    def pytest_collection_finish(self, session):
        # A file that cannot be read ends the run before its first test.
        tests = 0 if self.broken else len(session.items)
        self.out.write("1..%d\n" % (tests + self.broken))

    def pytest_runtest_logreport(self, report):
        # One line a test, the worst of its set-up, itself and its end.
        if report.when == "setup":
            self.verdict = None
        if report.failed and (self.verdict or ["ok"])[0] == "ok":
            where = "" if report.when == "call" else " (%s)" % report.when
            self.verdict = ("not ok", report.nodeid + where, report)
        elif report.skipped and self.verdict is None:
            why = report.longrepr
            why = why[2] if isinstance(why, tuple) else why
            why = str(why).replace("Skipped: ", "", 1)
            self.verdict = ("ok", report.nodeid + " # SKIP " + why)
        if report.when == "teardown":
            self.line(*(self.verdict or ("ok", report.nodeid)))

    def line(self, verdict, what, report=None):
        self.out.write("%s - %s\n" % (verdict, what.replace("\n", " ")))
        if report is not None:
            for line in str(report.longrepr).splitlines():
                self.out.write("# " + line + "\n")


def pytest_configure(config):
    config.addinivalue_line(
        "markers", "limit(seconds): how long the test may take")
    tap = os.environ.get("SIGMUND_TAP")
    if tap:
        config.pluginmanager.register(Tap(tap))
