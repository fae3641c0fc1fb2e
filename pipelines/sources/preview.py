"""A look at a source before its first night: a little of its newest extract, read as a night would
read it. Nothing is landed and nothing is kept."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from pipelines.errors import SourceError
from pipelines.settings import Paths
from pipelines.sources import connect, engine, phones, typed
from pipelines.sources.find import missing
from pipelines.sources.found import Found
from pipelines.sources.land import READERS, judge
from pipelines.sources.prepare import Extract
from pipelines.sources.restructure import applied, is_needed, to_read
from pipelines.sources.rows import staged
from pipelines.sources.rules import value_of
from pipelines.sources.unpack import Packed, opened
from pipelines.specs.contract import ENTITIES, Entity, Kind
from pipelines.specs.night import Night
from pipelines.specs.source import Source

_MOST_BYTES = 64 << 20
_BYTES_A_ROW = 2_000
_WIDE_ENCODINGS = ("utf-16", "utf-32", "utf_16", "utf_32", "utf16", "utf32")
_WHOLE = ("excel", "json")  # cannot be cut
_EXAMPLES, _PROBLEMS = 3, 5
_NAMED = 12  # columns beside the contract


@dataclass(frozen=True, slots=True)
class Mapped:
    """A canonical column, where it comes from, and what becomes of the first filled values."""

    column: str
    theirs: str
    examples: tuple[tuple[str, str | None], ...]  # (as written, as read)


@dataclass(frozen=True, slots=True)
class Problem:
    """Records that would go to quarantine for one reason: how many, and the first of them."""

    column: str
    reason: str
    count: int
    line: int
    given: str | None


@dataclass(frozen=True, slots=True)
class Preview:
    """What was read of one extract: `records` = `good` + those of the problems; `set_aside` ones
    are not among them. With a preset, the records are those that it makes. `is_whole`: there is no
    more in the extract."""

    source: str
    entity: str
    file: str
    records: int
    good: int
    mapped: tuple[Mapped, ...]
    problems: tuple[Problem, ...]
    unknown_columns: tuple[str, ...]
    shared_keys: bool  # most records have the key of another
    set_aside: int
    is_whole: bool


def look(night: Night, name: str, source: Source, rows: int) -> Preview:
    """About `rows` records of the newest extract of a source. SourceError when there is none, or
    when it cannot be read as declared."""
    folder = night.paths.scratch / "preview" / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        # Not into the night's own inbox: what is brought there counts as its answer.
        found = connect.find(replace(night, paths=Paths(folder)), name, source, [])
        if not found:
            raise SourceError(missing(name, source, night.as_of))
        with engine.reader(night.machine, night.paths) as con, engine.sentences(found[-1].extract):
            return _look(con, night, source, found[-1], folder=folder, rows=rows)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _look(
    con: duckdb.DuckDBPyConnection,
    night: Night,
    source: Source,
    found: Found,
    *,
    folder: Path,
    rows: int,
) -> Preview:
    found.here()
    extract, entity = found.extract, ENTITIES[source.entity]
    path, is_whole = _beginning(con, extract, source, folder=folder, rows=rows)
    beginning = replace(extract, path=path)
    phones.register(con, night.shop.country)
    read = READERS[source.reads_as](con, beginning, to_read(source), folder)
    numbered, account = staged(con, read, folder / "rows.parquet")
    if is_needed(source):
        numbered = applied(con, numbered, source, found.date)
    judged = judge(night, source, numbered, found.date)
    con.execute(f"create or replace temp table judged as {judged.shown()}")
    [(made, good, records)] = con.execute(
        "select count(*), count(*) filter (problem = 0), count(distinct _line) from judged"
    ).fetchall()
    same_keys = _same_keys(con, entity)
    rejects = [(line, reason) for _, line, _, reason, _ in account.rejects]
    problems = same_keys + _problems(con, judged) + _by_reason(rejects)
    return Preview(
        source=extract.source,
        entity=entity.name,
        file=extract.file,
        records=made + len(account.rejects),
        good=good,
        mapped=_mapped(con, entity, source),
        problems=tuple(problems),
        unknown_columns=account.unknown_columns,
        shared_keys=bool(same_keys),
        set_aside=account.records_read - len(account.rejects) - records,
        is_whole=is_whole,
    )


def _beginning(
    con: duckdb.DuckDBPyConnection, extract: Extract, source: Source, *, folder: Path, rows: int
) -> tuple[Path, bool]:
    """A file with about the first `rows` records, cut where one ends, and whether these are all."""
    target = folder / f"beginning.{source.reads_as}"
    if source.reads_as in _WHOLE:
        shutil.copyfile(extract.path, target)
        return target, True
    if source.reads_as == "parquet":
        path = engine.quoted(str(extract.path))
        engine.copy(con, f"select * from read_parquet({path}) limit {rows}", target)
        return target, engine.count(con, extract.path) <= rows
    size = _MOST_BYTES if source.encoding.startswith(_WIDE_ENCODINGS) else rows * _BYTES_A_ROW
    with opened(Packed(extract.path, extract.label, source.member)) as file:
        data = file.read(size)
    lines = data.split(b"\n")
    if len(data) == size:  # there is more: the last line is not whole
        lines = [*lines[:-1], b""]
    kept = lines[: rows + 1]
    while len(kept) > 2 and b"\n".join(kept).count(b'"') % 2:  # within quotes: no record ends here
        kept.pop()
    target.write_bytes(b"\n".join(kept) + (b"\n" if len(kept) < len(lines) else b""))
    return target, len(data) < size and not b"".join(lines[len(kept) :]).strip()


def _same_keys(con: duckdb.DuckDBPyConnection, entity: Entity) -> list[Problem]:
    """A key that most records share is no key: each would supersede the one before."""
    if not set(entity.key) <= set(entity.required):
        return []
    key = ", ".join(map(value_of, entity.key))
    [(records, distinct, line)] = con.execute(
        f"select count(*), count(distinct ({key})), min(_line) from judged where problem = 0"
    ).fetchall()
    if 2 * distinct >= records:
        return []
    reason = f"only {distinct} different among {records} records; is it the right column?"
    return [Problem(" + ".join(entity.key), reason, records - distinct, line, None)]


def _problems(con: duckdb.DuckDBPyConnection, judged: typed.Judged) -> list[Problem]:
    """The rules that records break, the most frequent first."""
    found = []
    for number, count, line in con.execute(
        "select problem, count(*), min(_line) from judged where problem > 0"
        " group by problem order by count(*) desc, problem"
    ).fetchall():
        rule = judged.rules[number - 1]
        query = f"select {text_of(rule.column)} from judged where _line = ? and problem = ?"
        [(given,), *_] = con.execute(query, [line, number]).fetchall()
        found.append(Problem(rule.column, rule.reason, count, line, given))
    return found


def _by_reason(rejects: list[tuple[int, str]]) -> list[Problem]:
    """What is no record at all, by the reason, the most frequent first."""
    lines: dict[str, list[int]] = {}
    for line, reason in rejects:
        lines.setdefault(reason, []).append(line)
    found = [Problem("record", reason, len(at), min(at), None) for reason, at in lines.items()]
    return sorted(found, key=lambda problem: (-problem.count, problem.line))


def _mapped(con: duckdb.DuckDBPyConnection, entity: Entity, source: Source) -> tuple[Mapped, ...]:
    found = []
    for column in entity.columns:
        theirs = source.columns.get(column.name) or source.constants.get(column.name)
        if theirs is None:
            continue
        text, value = text_of(column.name), value_of(column.name)
        examples = con.execute(
            f"select {text}, any_value({value})::varchar from judged where {text} is not null"
            f" group by {text} order by min(_line) limit {_EXAMPLES}"
        ).fetchall()
        found.append(Mapped(column.name, theirs, tuple(examples)))
    return tuple(found)


def text_of(column: str) -> str:
    """The column of what an extract says, before it became a value."""
    return engine.name(f"t_{column}")


def first_names(names: Sequence[str]) -> str:
    """The first of many names, and how many more there are."""
    further = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + further


def render(preview: Preview) -> list[str]:
    """Lines for a terminal: the mapping with examples, times in UTC, then what would go to
    quarantine."""
    bad = preview.records - preview.good
    read = preview.records + preview.set_aside
    which = f"all {read}" if preview.is_whole else f"the first {read}"
    lines = [
        f"{preview.source} → {preview.entity}: {preview.file}: {which} records read: "
        f"{preview.good} fit, {bad} would go to quarantine"
        + (f", {preview.set_aside} are left out" if preview.set_aside else "")
        + ("" if preview.is_whole else " (--rows reads more)")
    ]
    entity = ENTITIES[preview.entity]
    width = max((len(m.column) for m in preview.mapped), default=0)
    for mapped in preview.mapped:
        zone = " UTC" if entity.column(mapped.column).kind is Kind.TIMESTAMP else ""
        examples = ", ".join(
            written if read is None or read + zone == written else f"{written} = {read}{zone}"
            for written, read in mapped.examples
        )
        lines.append(f"  {mapped.column:<{width}}  {mapped.theirs}: {examples or '(always empty)'}")
    if preview.unknown_columns:
        lines.append(f"  kept beside the contract: {first_names(preview.unknown_columns)}")
    for problem in preview.problems[:_PROBLEMS]:
        given = f" ({problem.given!r})" if problem.given else ""
        lines.append(
            f"  ! {problem.column}: {problem.reason}: {problem.count} records, the first in line "
            f"{problem.line}{given}"
        )
    if len(preview.problems) > _PROBLEMS:
        lines.append(f"  ! and {len(preview.problems) - _PROBLEMS} further problems")
    return lines
