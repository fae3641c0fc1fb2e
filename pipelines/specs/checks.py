"""Checks at the doors, declared by the room that owns the table and run by `contracts`."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

import duckdb


class Severity(StrEnum):
    CRITICAL = "critical"  # stops the step; nothing of it is published
    WARNING = "warning"  # told in the log and the report


@dataclass(frozen=True, slots=True)
class Check:
    """One named expectation on one table. `kind` is a key of `contracts.expectations.KINDS`
    (not_null, unique, in_set, between, row_count_between, not_constant, query_is_empty …), `args`
    its arguments; `name` is a sentence in snake case, unique within its door."""

    name: str
    kind: str
    severity: Severity = Severity.CRITICAL
    args: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a check found. `observed` never holds personal data: counts and bounds only."""

    door: str
    name: str
    severity: Severity
    success: bool
    observed: str


class Auditor(Protocol):
    """Runs checks on a table or view that `con` can see, inside its open transaction; records the
    results; raises CheckFailed, naming every critical check that failed."""

    def __call__(
        self, con: duckdb.DuckDBPyConnection, door: str, table: str, checks: Sequence[Check]
    ) -> list[CheckResult]: ...
