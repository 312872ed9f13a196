# SPDX-License-Identifier: MIT
"""Fixtures of the tests of sigmund as the init of one command."""
import os

import pytest

import rig


@pytest.fixture(params=["plain", "pid1"])
def solo(request, paths):
    """sigmund with one command, each test twice: plain and as PID 1."""
    if request.param == "pid1" and not rig.can_unshare():
        pytest.skip("no pid namespace can be made here")
    s = rig.Solo(paths, request.param == "pid1")
    yield s
    s.end_all()


@pytest.fixture
def plain(paths):
    s = rig.Solo(paths, False)
    yield s
    s.end_all()


@pytest.fixture
def pid1(paths):
    if not rig.can_unshare():
        pytest.skip("no pid namespace can be made here")
    s = rig.Solo(paths, True)
    yield s
    s.end_all()


@pytest.fixture
def recorder(paths):
    return os.path.join(paths.builddir, "tests/solo/recorder")


@pytest.fixture
def soak():
    """`make soak' runs all at full size."""
    return os.environ.get("SIGMUND_SOAK") == "yes"
