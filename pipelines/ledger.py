"""The run ledger: which step of which night ran, how it ended, what it checked, what it pinned.

It is a SQLite file of its own so that it can be read and written while a night holds the
warehouse; `publish` copies it into the analysts' file as `ops.runs` and `ops.checks`."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pipelines import clock
from pipelines.errors import StorageError
from pipelines.specs.checks import CheckResult, Severity

_SCHEMA = """
create table if not exists runs (
    run_id integer primary key autoincrement,
    as_of text not null, verb text not null, status text not null,
    started_at text not null, finished_at text, seconds real, rows integer,
    facts text not null default '{}', error text not null default ''
);
create table if not exists checks (
    run_id integer not null, as_of text not null, door text not null, name text not null,
    severity text not null, success integer not null, observed text not null
);
create index if not exists checks_by_door on checks (as_of, door, run_id);
create table if not exists pins (
    as_of text not null, name text not null, value text not null, primary key (as_of, name)
);
"""


@dataclass(frozen=True, slots=True)
class Run:
    """One try of one step. `status`: running, done, failed (a killed try stays 'running')."""

    run_id: int
    as_of: date
    verb: str
    status: str
    started_at: str
    finished_at: str | None
    seconds: float | None
    rows: int | None
    facts: dict[str, int | str]
    error: str


class Ledger:
    """The ledger in the file `path`; made when missing."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._open() as db:
            db.executescript(_SCHEMA)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """StorageError when the disk is full or the file is held, damaged or cannot be written."""
        try:
            with closing(sqlite3.connect(self._path, timeout=60)) as db, db:
                yield db
        except sqlite3.OperationalError as error:
            raise StorageError(
                f"{self._path}: {error}; free space or rights, then run again"
            ) from None
        except sqlite3.DatabaseError as error:
            if type(error) is not sqlite3.DatabaseError:  # ours
                raise
            raise StorageError(
                f"{self._path}: {error}; it is damaged: put it back from a backup"
            ) from None

    def start(self, as_of: date, verb: str) -> int:
        """Note that a step starts; its run_id."""
        with self._open() as db:
            cursor = db.execute(
                "insert into runs (as_of, verb, status, started_at) values (?, ?, 'running', ?)",
                (as_of.isoformat(), verb, clock.now().isoformat(timespec="seconds")),
            )
            return int(cursor.lastrowid or 0)

    def finish(self, run_id: int, seconds: float, rows: int, facts: dict[str, int | str]) -> None:
        """Note that a step ended well."""
        with self._open() as db:
            db.execute(
                "update runs set status='done', finished_at=?, seconds=?, rows=?, facts=?"
                " where run_id=?",
                (_now(), round(seconds, 3), rows, json.dumps(facts, sort_keys=True), run_id),
            )

    def fail(self, run_id: int, seconds: float, error: str) -> None:
        """Note that a step failed, with its sentence."""
        with self._open() as db:
            db.execute(
                "update runs set status='failed', finished_at=?, seconds=?, error=? where run_id=?",
                (_now(), round(seconds, 3), error, run_id),
            )

    def last_done(self, as_of: date, verb: str) -> Run | None:
        """The last try of a step that ended well."""
        found = self._runs(
            "where as_of=? and verb=? and status='done' order by run_id desc limit 1",
            (as_of.isoformat(), verb),
        )
        return found[0] if found else None

    def last_night(self, verb: str) -> date | None:
        """The latest night of which `verb` ended well."""
        with self._open() as db:
            row = db.execute(
                "select max(as_of) from runs where verb=? and status='done'", (verb,)
            ).fetchone()
        return date.fromisoformat(row[0]) if row[0] else None

    def runs(self, limit: int = 200) -> list[Run]:
        """The latest tries, newest first."""
        return self._runs("order by run_id desc limit ?", (limit,))

    def _runs(self, tail: str, values: tuple[str | int, ...]) -> list[Run]:
        with self._open() as db:
            rows = db.execute(
                "select run_id, as_of, verb, status, started_at, finished_at, seconds, rows,"
                f" facts, error from runs {tail}",
                values,
            ).fetchall()
        return [_run(row) for row in rows]

    def record_checks(self, run_id: int, as_of: date, results: Sequence[CheckResult]) -> None:
        """Keep what the checks of a run found, whatever becomes of the run."""
        with self._open() as db:
            db.executemany(
                "insert into checks values (?, ?, ?, ?, ?, ?, ?)",
                [
                    (run_id, as_of.isoformat(), r.door, r.name, r.severity, r.success, r.observed)
                    for r in results
                ],
            )

    def checks(self, as_of: date) -> list[CheckResult]:
        """The results of the latest run of each door on that night."""
        with self._open() as db:
            rows = db.execute(
                "select door, name, severity, success, observed from checks c where as_of=?"
                " and run_id=(select max(run_id) from checks where as_of=c.as_of and door=c.door)"
                " order by door, name",
                (as_of.isoformat(),),
            ).fetchall()
        return [CheckResult(r[0], r[1], Severity(r[2]), bool(r[3]), r[4]) for r in rows]

    def pin(self, as_of: date, name: str, value: str) -> str:
        """Pin `value` for that night unless something is pinned; what is pinned now."""
        with self._open() as db:
            db.execute("insert or ignore into pins values (?, ?, ?)", (str(as_of), name, value))
            row = db.execute(
                "select value from pins where as_of=? and name=?", (str(as_of), name)
            ).fetchone()
        return str(row[0])

    def pinned(self, as_of: date, name: str) -> str | None:
        """What is pinned for that night under `name` ('config', 'champion:<model>', 'sealed')."""
        with self._open() as db:
            row = db.execute(
                "select value from pins where as_of=? and name=?", (str(as_of), name)
            ).fetchone()
        return None if row is None else str(row[0])

    def repin(self, as_of: date, name: str, value: str) -> None:
        """Pin anew: a night that was not delivered starts over with another configuration."""
        with self._open() as db:
            db.execute("insert or replace into pins values (?, ?, ?)", (str(as_of), name, value))

    def seal(self, as_of: date) -> None:
        """The night was delivered."""
        self.pin(as_of, "sealed", "yes")

    def is_sealed(self, as_of: date) -> bool:
        return self.pinned(as_of, "sealed") is not None


def _run(row: tuple[Any, ...]) -> Run:
    run_id, as_of, verb, status, started_at, finished_at, seconds, rows, facts, error = row
    return Run(
        run_id=run_id,
        as_of=date.fromisoformat(as_of),
        verb=verb,
        status=status,
        started_at=started_at,
        finished_at=finished_at,
        seconds=seconds,
        rows=rows,
        facts=json.loads(facts),
        error=error,
    )


def _now() -> str:
    return clock.now().isoformat(timespec="seconds")
