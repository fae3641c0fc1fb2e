"""Random numbers that are functions of their name: keyed hashes, the same on every machine and
every rerun, unpredictable without the shop's key."""

import hmac
from collections.abc import Iterable

import polars as pl

_TWO_64 = 2.0**64


def uniforms(key: str, names: Iterable[str]) -> pl.DataFrame:
    """Two independent uniform numbers in [0, 1) for each name: columns `u` and `v`, in order.
    They are the first 16 bytes of HMAC-SHA256(key, name), eight each, big-endian."""
    secret = key.encode()
    first: list[float] = []
    second: list[float] = []
    for name in names:
        digest = hmac.digest(secret, name.encode(), "sha256")
        first.append(_unit(digest[:8]))
        second.append(_unit(digest[8:16]))
    return pl.DataFrame({"u": first, "v": second}, schema={"u": pl.Float64, "v": pl.Float64})


def _unit(eight_bytes: bytes) -> float:
    # The top 11 bits beyond a double's 53 are dropped first: rounding up would give 1.0.
    return (int.from_bytes(eight_bytes, "big") >> 11 << 11) / _TWO_64
