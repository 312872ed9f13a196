# SPDX-License-Identifier: MIT
"""The fixtures of the system tests."""
from fixtures import *  # noqa: F401,F403
