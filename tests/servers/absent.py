"""What a test does where a server is not installed."""

import os
from typing import NoReturn

import pytest


def absent(program: str, command: str) -> NoReturn:
    """Skip, telling the command that installs it; fail where NOCTURNE_REQUIRE_SERVERS is set."""
    sentence = f"{program} is not installed: {command}"
    if os.environ.get("NOCTURNE_REQUIRE_SERVERS"):
        pytest.fail(sentence)
    pytest.skip(sentence)
