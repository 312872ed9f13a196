# SPDX-License-Identifier: MIT
"""Fixtures: those of the system tests, and servers which others wrote."""
import importlib.util
import os
import sys

import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
SYSTEM = os.path.join(os.path.dirname(HERE), "system")
sys.path.insert(0, SYSTEM)


def system_fixtures():
    """Their file is named as this one is."""
    spec = importlib.util.spec_from_file_location(
        "system_fixtures", os.path.join(SYSTEM, "conftest.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_system = system_fixtures()
subreaper = _system.subreaper
prepare = _system.prepare
start = _system.start
slow = _system.slow
have_namespaces = _system.have_namespaces


@pytest.fixture(params=["plain", "pid1"])
def as_pid1(request, have_namespaces):
    """Each test runs twice: sigmund as any process, and as PID 1."""
    if request.param == "pid1" and not have_namespaces:
        pytest.skip("no pid namespaces here")
    return request.param == "pid1"
