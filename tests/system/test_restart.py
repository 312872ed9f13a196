# SPDX-License-Identifier: MIT
"""Goal: what ends is started again as supervisord would, and never faster
than it may."""
import time

import pytest

from harness import lines, wait


def intervals(path):
    stamps = [int(line) / 1000 for line in lines(path)]
    return [t - stamps[0] for t in stamps]


def program(name, command, **keys):
    text = "\n[program:%s]\ncommand = %s\n" % (name, command)
    return text + "".join("%s = %s\n" % item for item in keys.items())


def clock(line):
    """The time at the beginning of a line of the log, in seconds."""
    hours, minutes, seconds = line[11:23].split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)


def delays(s):
    """From each end of a run of bad to the start which follows it."""
    found, ended = [], None
    for line in s.said("bad: (started|exit 1 .*; try)"):
        if "; try" in line:
            ended = clock(line)
        elif ended is not None:
            found.append((clock(line) - ended) % 86400)
            ended = None
    return found


@pytest.mark.limit(90)
@pytest.mark.parametrize("section", ["sigmund", "supervisord"])
def test_failed_starts_wait_one_two_and_three_seconds(start, puppet, tmp_path,
                                                      section):
    """A program which fails before startsecs: tries at 0, 1, 3 and 6 s, and
    then FATAL; not tried again.  To the tenth of a second, where the machine
    lets us be as exact for once; never early."""
    stamps = tmp_path / "t"
    s = start(program("bad", puppet("stamp %s exit 1" % stamps)),
              section=section)
    for attempt in range(3):
        st = s.wait_state("bad", "FATAL", 30)
        seen, waits = intervals(stamps), delays(s)[-3:]
        assert len(seen) == 4, seen
        assert all(was >= should - 0.01
                   for was, should in zip(seen, [0, 1, 3, 6])), seen
        assert all(was >= should - 0.002
                   for was, should in zip(waits, [1, 2, 3])), waits
        if all(was <= should + 0.1 for was, should in zip(waits, [1, 2, 3])):
            break
        stamps.unlink()
        s.ask("start", names=["bad"])
        s.wait_state("bad", "BACKOFF")
    else:
        raise AssertionError("late: %r" % waits)
    assert st["exit"] == {"code": 1}
    assert s.said("try 2 of 4 in 1 s")
    assert s.said("error bad: .*FATAL after 4 tries; not tried again until: "
                  "sigctl start bad")


def test_an_exit_before_startsecs_fails_and_after_it_is_an_end(
        start, puppet, tmp_path):
    """B36: at 0.3 s of startsecs=500ms it has not come up, at 0.7 s it had,
    although its exit code is that of a good end in both."""
    s = start(
        program("soon", puppet("sleep-ms 300"), startsecs="500ms",
                startretries=0)
        + program("later", puppet("sleep-ms 700"), startsecs="500ms",
                  startretries=0))
    s.wait_state("soon", "FATAL")
    s.wait_state("later", "EXITED")
    assert not s.said("soon: RUNNING")
    assert s.said("later: RUNNING")


RESTARTS = [
    # autorestart, exit code, restarted?
    ("false", 1, False),
    ("false", 0, False),
    ("unexpected", 0, False),
    ("unexpected", 2, False),
    ("unexpected", 1, True),
    ("true", 0, True),
    ("true", 1, True),
]


def test_autorestart_and_exitcodes_decide(start, puppet, tmp_path):
    """Every row of the table at once; a service comes again at once."""
    text = "".join(program(
        "p%d" % i, puppet("stamp %s/p%d sleep-ms 1100 exit %d" % (
            tmp_path, i, code)),
        autorestart=how, exitcodes="0,2", startsecs="100ms")
        for i, (how, code, _) in enumerate(RESTARTS))
    s = start(text)
    for i, (how, code, again) in enumerate(RESTARTS):
        path = tmp_path / ("p%d" % i)
        if again:
            wait("%s after %d" % (how, code), lambda: len(lines(path)) >= 2)
        else:
            s.wait_state("p%d" % i, "EXITED")
            assert len(lines(path)) == 1
    st = s.status()
    for i, (how, code, again) in enumerate(RESTARTS):
        assert (st["p%d" % i]["restarts"] > 0) == again, (how, code)
        assert again or st["p%d" % i]["exit"] == {"code": code}


def test_a_signal_is_never_an_expected_end(start, puppet, tmp_path):
    """supervisord's exitcodes are of exit(2): a signal is none, even if its
    number and that of the shell are expected."""
    s = start(program("abrt", puppet("sleep-ms 1100 kill-self ABRT"),
                      startsecs="100ms", exitcodes="0,6,134"))
    s.wait_said("abrt: killed by ABRT.*not expected; restarting at once")


# B28, I5
def test_what_ends_at_once_is_not_started_faster_than_allowed(start, slow):
    """/bin/true with startsecs=0 and autorestart=true: a burst of 5, then one
    a second; the log is bounded with it."""
    s = start(program("storm", "/bin/true", startsecs=0, autorestart="true"))
    began = time.monotonic()
    s.wait_said("ends at once again and again")
    wait("4 s", lambda: time.monotonic() > began + 4)
    starts = len(s.said("storm: started"))
    took = time.monotonic() - began
    assert 6 <= starts <= 6 + took + 1, starts
    assert s.service("storm")["state"] == "BACKOFF"
    assert "again and again" in s.service("storm")["detail"]


# B28
def test_restarts_by_an_operator_do_not_hide_a_failure(start, slow):
    """A start by hand gives all tries again, from the first."""
    s = start(program("bad", "/bin/false", startretries=1))
    s.wait_state("bad", "FATAL")
    p = s.ctl("start", "bad")
    assert p.returncode == 1, p.stdout + p.stderr
    s.wait_status("FATAL again", lambda st: st["bad"]["state"] == "FATAL"
                  and len(s.said("bad: started")) == 4)
