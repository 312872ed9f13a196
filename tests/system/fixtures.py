# SPDX-License-Identifier: MIT
"""What the system tests and the fault tests share."""
import os

import pytest

import harness


@pytest.fixture(scope="session", autouse=True)
def subreaper():
    harness.become_subreaper()


@pytest.fixture
def puppet(paths):
    """The command of a puppet which does ${actions}."""
    def command(actions):
        return "%s %s" % (paths.puppet, actions)
    return command


@pytest.fixture
def prepare(paths, tmp_path):
    """Make a Sigmund which is not launched yet; it is ended and shown."""
    made = []

    def make(programs="", directory=None, **how):
        if directory is None:
            directory = tmp_path if not made else \
                tmp_path / ("more%d" % len(made))
        directory.mkdir(exist_ok=True)
        made.append(harness.Sigmund(paths, directory, programs, **how))
        return made[-1]
    yield make
    harness.end_all()
    for s in made:
        if s.process is not None:
            s.process.poll()
            s.show()


@pytest.fixture
def start(prepare):
    """Launch a sigmund and wait until it answers."""
    def begin(programs="", **how):
        return prepare(programs, **how).launch().ready()
    return begin


@pytest.fixture
def slow(paths):
    """How much longer all may take than in the plain build."""
    return 3 if paths.sanitizers else 1


@pytest.fixture(scope="session")
def have_soak():
    """`make soak' runs all at full size."""
    return os.environ.get("SIGMUND_SOAK") == "yes"


@pytest.fixture(scope="session")
def have_namespaces():
    return harness.have_namespaces()


@pytest.fixture
def pid1(start, have_namespaces):
    """Launch a sigmund as PID 1 of its own namespace."""
    if not have_namespaces:
        pytest.skip("no pid namespaces here")

    def begin(programs="", **how):
        return start(programs, pid1=True, **how)
    return begin
