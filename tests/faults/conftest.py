# SPDX-License-Identifier: MIT
"""The fixtures of the system tests, and a library which makes calls fail."""
import os
import shutil
import subprocess
import sys

import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "system"))

from fixtures import *  # noqa: E402,F401,F403


@pytest.fixture(scope="session")
def failing(tmp_path_factory, paths):
    """failing.c, as a library to preload."""
    cc = os.environ.get("CC") or "cc"
    if shutil.which(cc.split()[0]) is None:
        pytest.skip("no compiler")
    library = str(tmp_path_factory.mktemp("failing") / "failing.so")
    subprocess.run(
        [*cc.split(), "-O1", "-shared", "-fPIC", "-D_GNU_SOURCE",
         *(["-DSANITIZED"] if paths.sanitizers else []), "-o", library,
         os.path.join(HERE, "failing.c"), "-ldl"], check=True)
    return library


@pytest.fixture
def preload(failing):
    """The environment in which a sigmund has it."""
    def environment(**more):
        env = {"LD_PRELOAD": failing,
               # It must come first elsewhere; here it is second to ours.
               "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "")
               + ":verify_asan_link_order=0"}
        env.update(more)
        return env
    return environment
