# SPDX-License-Identifier: MIT
"""Who takes part in the benchmark, and how each is given N services.

Each gets what is best for it: runit and s6 run the child itself and no shell
script, supervisord captures no output.  All write their log, if they have
one, to a file.
"""
import os
import shutil
import signal


class Contestant:
    name = "?"
    program = None  # Looked for in PATH and the sbin directories.
    term = signal.SIGTERM  # What makes it stop all and end.

    def __init__(self, tools):
        self.tools = tools  # Where floor, beat and sigmund are.

    def found(self):
        path = os.environ.get("PATH", "") + ":/usr/sbin:/sbin:/command"
        return shutil.which(self.program, path=path)

    def prepare(self, work, n):
        """Make what it reads of N services in the directory WORK."""

    def argv(self, work, n):
        raise NotImplementedError


class Floor(Contestant):
    name = "floor"

    def found(self):
        return self.tools.floor

    def argv(self, work, n):
        return [self.tools.floor, str(n), self.tools.beat]


class Sigmund(Contestant):
    name = "sigmund"
    startsecs = ""

    def found(self):
        return self.tools.sigmund

    def prepare(self, work, n):
        with open(work + "/sigmund.ini", "w", encoding="utf-8") as ini:
            ini.write("[sigmund]\nsocket = %s/control.sock\n" % work)
            for i in range(n):
                ini.write("\n[program:s%04d]\ncommand = %s\n%s"
                          % (i, self.tools.beat, self.startsecs))

    def argv(self, work, n):
        return [self.tools.sigmund, "-c", work + "/sigmund.ini"]


class SigmundAtOnce(Sigmund):
    """RUNNING when executed, which is one line of log more at once."""
    name = "sigmund/0s"
    startsecs = "startsecs = 0\nautorestart = true\n"


class Directories(Contestant):
    """One directory a service, in it the program to run."""

    def prepare(self, work, n):
        for i in range(n):
            path = "%s/scan/s%04d" % (work, i)
            os.makedirs(path)
            os.symlink(self.tools.beat, path + "/run")


class Runit(Directories):
    name = "runit"
    program = "runsvdir"
    term = signal.SIGHUP

    def argv(self, work, n):
        return [self.found(), work + "/scan"]


class S6(Directories):
    name = "s6"
    program = "s6-svscan"

    def argv(self, work, n):
        return [self.found(), "-c", str(max(n + 10, 500)), work + "/scan"]


class Supervisord(Contestant):
    name = "supervisord"
    program = "supervisord"

    def prepare(self, work, n):
        with open(work + "/supervisord.conf", "w", encoding="utf-8") as ini:
            ini.write("[supervisord]\nnodaemon=true\nminfds=16384\n"
                      "logfile=%s/supervisord.log\npidfile=%s/pid\n"
                      % (work, work))
            for i in range(n):
                ini.write("\n[program:s%04d]\ncommand=%s\nautorestart=true\n"
                          "stdout_logfile=NONE\nstderr_logfile=NONE\n"
                          % (i, self.tools.beat))

    def argv(self, work, n):
        return [self.found(), "-c", work + "/supervisord.conf"]


ALL = (Floor, Sigmund, SigmundAtOnce, Runit, S6, Supervisord)
