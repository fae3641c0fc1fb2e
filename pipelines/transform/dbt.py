"""dbt behind one door: runs a part of the project in this process and says what failed."""

import json
import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner, dbtRunnerResult
from dbt.contracts.graph.manifest import Manifest

from pipelines import logs, warehouse
from pipelines.errors import CheckFailed, StorageError, TerminalError
from pipelines.settings import PROJECT_ROOT
from pipelines.specs.night import Night

log = logs.get(__name__)

PROJECT_DIR = PROJECT_ROOT / "dbt_project"


_manifests: dict[Path, Manifest] = {}


@dataclass(frozen=True, slots=True)
class Built:
    """What a run of dbt did: the data tests that ran, and those that warned, in words."""

    tests: int
    warnings: tuple[str, ...]


def build(
    night: Night,
    select: Sequence[str],
    variables: Mapping[str, Any],
    full_refresh: bool = False,
    command: str = "build",
) -> Built:
    """Build the models that `select` names, each followed by its data tests. Nothing else may
    have the warehouse open.

    Raises TerminalError naming the node and its message, CheckFailed naming the data tests of
    severity error that failed, StorageError when the disk refused."""
    scratch = night.paths.scratch / "dbt"
    manifest = parse(night)
    with _environment(_profile(night)):
        arguments = [
            command,
            *_common(scratch),
            *("--select", *select),
            *("--vars", json.dumps(variables, sort_keys=True)),
        ]
        if command == "build":
            arguments += ["--exclude-resource-type", "unit_test"]
        if full_refresh:
            arguments.append("--full-refresh")
        result = _invoke(dbtRunner(manifest=manifest), arguments)
    return _judged(result, scratch)


def parse(night: Night) -> Manifest:
    """The parsed project. Parsing costs seconds, so it happens once in a process, and dbt keeps in
    the night's scratch folder what the next process needs. No variable enters it, so it serves
    every night."""
    if PROJECT_DIR not in _manifests:
        with _environment(_profile(night)):
            result = _invoke(dbtRunner(), ["parse", *_common(night.paths.scratch / "dbt")])
        if not isinstance(result.result, Manifest):
            raise TerminalError(f"dbt_project: {_first_line(result.exception)}")
        _manifests[PROJECT_DIR] = result.result
    return _manifests[PROJECT_DIR]


def _invoke(runner: dbtRunner, arguments: list[str]) -> dbtRunnerResult:
    """dbt keeps its connection and its log file open for the next call: while it does, nobody else
    can open the warehouse."""
    try:
        return runner.invoke(arguments)
    finally:
        DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]
        for handler in logging.getLogger("file_log").handlers:
            handler.close()


def _common(scratch: Path) -> list[str]:
    return [
        *("--project-dir", str(PROJECT_DIR)),
        *("--profiles-dir", str(PROJECT_DIR)),
        *("--target-path", str(scratch / "target")),
        *("--log-path", str(scratch / "logs")),
        *("--log-level", "none"),
        *("--log-level-file", "info"),
        "--no-version-check",
        "--no-use-colors",
        "--no-write-json",
    ]


def _profile(night: Night) -> dict[str, str]:
    """The environment variables that dbt_project/profiles.yml reads."""
    settings = warehouse.connection_settings(night.machine, night.paths)
    return {
        "NOCTURNE_DBT_WAREHOUSE": str(night.paths.warehouse),
        "NOCTURNE_DBT_THREADS": settings["threads"],
        "NOCTURNE_DBT_MEMORY_LIMIT": settings["memory_limit"],
        "NOCTURNE_DBT_TEMP_DIRECTORY": settings["temp_directory"],
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }


@contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _judged(result: dbtRunnerResult, scratch: Path) -> Built:
    nodes = list(getattr(result.result, "results", None) or [])
    failed = [node for node in nodes if node.status == "fail"]
    broken = [node for node in nodes if node.status == "error"]
    if broken:
        node = broken[0]
        message = _first_line(node.message)
        if "IO Error" in message or "No space left" in message:
            raise StorageError(f"dbt {_name(node)}: {message}; free space, then run again")
        raise TerminalError(f"dbt {_name(node)}: {message}; see {scratch / 'logs' / 'dbt.log'}")
    if failed:
        told = "; ".join(sorted(f"{_name(node)} ({node.failures} rows)" for node in failed))
        raise CheckFailed(f"dbt: data tests failed: {told}")
    if result.exception is not None:
        raise TerminalError(f"dbt: {_first_line(result.exception)}")
    warnings = tuple(sorted(f"{_name(n)}: {n.failures} rows" for n in nodes if n.status == "warn"))
    for warning in warnings:
        log.warning("dbt: %s", warning)
    return Built(
        tests=sum(n.node.resource_type in ("test", "unit_test") for n in nodes),
        warnings=warnings,
    )


def _name(result: Any) -> str:
    return str(result.node.name)


def _first_line(message: object) -> str:
    """dbt's messages begin with where it happened; what happened is in the line after. A broken
    contract is told by its table of mismatches."""
    lines = [line.strip() for line in str(message).splitlines() if line.strip()]
    mismatches = [line for line in lines if line.startswith("|")][2:]
    return ": ".join(lines[:2] + mismatches) if lines else "no message"
