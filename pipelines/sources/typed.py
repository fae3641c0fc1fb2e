"""The query that turns one landed file into typed, judged records."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from pipelines.catalog import source_column
from pipelines.sources import convert
from pipelines.sources.engine import extra, name, quoted
from pipelines.sources.rules import Rule, rules, text_of, value_of
from pipelines.specs.contract import Entity, Kind
from pipelines.specs.source import Source

PHONES = "phones_of_tonight"  # view: text, e164


@dataclass(frozen=True, slots=True)
class Judged:
    """`sql`: one row per record of `landed` with `t_<column>` texts, `v_<column>` values, `_file`,
    `_line`, `extra` and `problem`: 0, or the 1-based number of the first of `rules` it breaks."""

    sql: str
    landed: str
    rules: list[Rule]
    entity: Entity
    has_phone: bool

    def good(self, source: str, extract_date: date) -> str:
        """Rows for `raw.<entity>`, in the order of their lines."""
        values = ", ".join(value_of(column.name) for column in self.entity.columns)
        ordered = " order by _line" if self.has_phone else ""  # a join may lose the order
        return (
            f"select {values}, {quoted(source)}, date {quoted(str(extract_date))}, _file, _line,"
            f" {self._extra()} from ({self.sql}) where problem = 0{ordered}"
        )

    def bad(self, source: str, extract_date: date, file: str) -> str:
        """Rows for `ops.quarantine`: only the records of `file` that are not in `raw.<entity>` are
        judged again, a few among millions."""
        loaded = (
            f"select line from raw.{self.entity.name} where file = {quoted(file)}"
            f" and {source_column(self.entity)} = {quoted(source)}"
            f" and extract_date = date {quoted(str(extract_date))}"
        )
        rest = f"(select * from {self.landed} where _line not in ({loaded}))"
        columns = " ".join(f"when {i} then {quoted(r.column)}" for i, r in self._numbered())
        reasons = " ".join(f"when {i} then {quoted(r.reason)}" for i, r in self._numbered())
        record = extra(
            {c.name: text_of(c.name) for c in self.entity.columns} | {"extra": "extra::json"}
        )
        return (
            f"select {quoted(source)}, {quoted(self.entity.name)}, date"
            f" {quoted(str(extract_date))}, _file, _line, case problem {columns} end,"
            f" case problem {reasons} end, {record}"
            f" from ({self.sql.replace(self.landed, rest)}) where problem > 0 order by _line"
        )

    def _numbered(self) -> list[tuple[int, Rule]]:
        return list(enumerate(self.rules, start=1))

    def _extra(self) -> str:
        """`extra` with the soft values that could not be read, as `invalid_<column>`."""
        soft = [c.name for c in self.entity.columns if c.kind in convert.SOFT]
        if not soft:
            return "extra"
        lost = {c: f"({text_of(c)} is not null and {value_of(c)} is null)" for c in soft}
        pairs = ", ".join(
            f"{quoted(f'invalid_{c}')}, case when {test} then {text_of(c)} end"
            for c, test in lost.items()
        )
        merged = f"json_merge_patch(coalesce(extra, '{{}}'), json_object({pairs}))::varchar"
        return f"case when {' or '.join(lost.values())} then {merged} else extra end"


def judged(
    parquet: Path,
    entity: Entity,
    source: Source,
    landed: tuple[str, ...],
    *,
    time_zone: str,
    extract_date: date,
    end: datetime,
) -> Judged:
    """The query over a landed file that holds the canonical columns `landed` as text. `time_zone`:
    of naive times; `end`: naive UTC end of the extract's day. Phones come from the view PHONES."""
    texts = ", ".join(
        f"{convert.text(c, source, landed)} as {text_of(c.name)}" for c in entity.columns
    )
    values = {c.name: convert.value(c, text_of(c.name), source, time_zone) for c in entity.columns}
    phones = [c.name for c in entity.columns if c.kind is Kind.PHONE and _is_given(c.name, source)]
    typed = ", ".join(
        f"{f'p_{c}.e164' if c in phones else values[c].sql} as {value_of(c)}" for c in values
    )
    joins = " ".join(
        f"left join {PHONES} {name(f'p_{c}')} on {name(f'p_{c}')}.text = {text_of(c)}"
        for c in phones
    )
    found = rules(entity, values, extract_date, end)
    cases = " ".join(f"when {rule.broken} then {i}" for i, rule in enumerate(found, start=1))
    rows = f"read_parquet({quoted(str(parquet))})"
    sql = (
        f"select *, case {cases} else 0 end as problem from (select l.*, {typed} from"
        f" (select {texts}, _file, _line, extra from {rows}) l {joins})"
    )
    return Judged(sql, rows, found, entity, bool(phones))


def phone_texts(parquet: Path, entity: Entity, source: Source, landed: tuple[str, ...]) -> str:
    """The query of the distinct phone texts of a landed file; empty when it has no phone column."""
    selects = [
        f"select {convert.text(c, source, landed)} as text from read_parquet"
        f"({quoted(str(parquet))})"
        for c in entity.columns
        if c.kind is Kind.PHONE and _is_given(c.name, source)
    ]
    union = " union all ".join(selects)
    return f"select distinct text from ({union}) where text is not null" if selects else ""


def _is_given(column: str, source: Source) -> bool:
    return column in source.columns or column in source.constants
