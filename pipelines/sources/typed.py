"""The query that turns the rows of one file into typed, judged records."""

from dataclasses import dataclass
from datetime import date, datetime

from pipelines.sources import convert
from pipelines.sources.convert import Value
from pipelines.sources.engine import extra, name, quoted
from pipelines.sources.rows import Rows
from pipelines.sources.rules import Rule, fine, rules, value_of
from pipelines.specs.contract import Entity
from pipelines.specs.source import Source


@dataclass(frozen=True, slots=True)
class Judged:
    """`sql`: the rows with `v_<column>` values and `problem`: 0, or the 1-based number of the first
    of `rules` that the record breaks. `texts`: column → SQL of what the extract says."""

    sql: str
    rules: list[Rule]
    texts: dict[str, str]
    values: dict[str, Value]
    entity: Entity
    has_lines: bool

    def landing(self) -> str:
        """Rows for a file of landing: the entity's columns, `extra`, `_line` where the rows have
        it, and `problem`: of a record that is to be quarantined, its `column`, `reason` and
        `record` as JSON; NULL of the others."""
        values = ", ".join(f"{value_of(c.name)} as {name(c.name)}" for c in self.entity.columns)
        columns = " ".join(f"when {i} then {quoted(r.column)}" for i, r in self._numbered())
        reasons = " ".join(f"when {i} then {quoted(r.reason)}" for i, r in self._numbered())
        record = extra(self.texts | {"extra": "extra::json"})
        told = (
            f"json_object('column', case problem {columns} end,"
            f" 'reason', case problem {reasons} end, 'record', ({record})::json)::varchar"
        )
        line = "_line, " if self.has_lines else ""
        return (
            f"select {values}, {line}{self._extra()} as extra,"
            f" case when problem > 0 then {told} end as problem from ({self.sql})"
        )

    def shown(self) -> str:
        """Rows to look at: `t_<column>` and `v_<column>`, `_line` and `problem`."""
        texts = ", ".join(f"{text} as {name(f't_{c}')}" for c, text in self.texts.items())
        values = ", ".join(value_of(c.name) for c in self.entity.columns)
        return f"select {texts}, {values}, _line, problem from ({self.sql})"

    def _numbered(self) -> list[tuple[int, Rule]]:
        return list(enumerate(self.rules, start=1))

    def _extra(self) -> str:
        """`extra` with the soft values that could not be read, as `invalid_<column>`."""
        soft = [c.name for c in self.entity.columns if c.kind in convert.SOFT]
        lost = {
            c: f"({value_of(c)} is null and {self.values[c].given} is not null)"
            for c in soft
            if self.texts[c] != convert.NOTHING
        }
        if not lost:
            return "extra"
        pairs = ", ".join(
            f"{quoted(f'invalid_{c}')}, case when {test} then {self.texts[c]} end"
            for c, test in lost.items()
        )
        merged = f"json_merge_patch(coalesce(extra, '{{}}'), json_object({pairs}))::varchar"
        filled = f"nullif({merged}, '{{}}')"  # blanks are no value that is lost
        return f"case when {' or '.join(lost.values())} then {filled} else extra end"


def judged(
    rows: Rows,
    entity: Entity,
    source: Source,
    *,
    time_zone: str,
    extract_date: date,
    end: datetime,
) -> Judged:
    """The query over the rows of a file, whose columns are canonical. `time_zone`: of naive times;
    `end`: naive UTC end of the extract's day. The SQL function `e164` must be there."""
    texts = {c.name: convert.text(c, source, rows.types) for c in entity.columns}
    values: dict[str, Value] = {
        c.name: convert.value(c, texts[c.name], source, rows, time_zone) for c in entity.columns
    }
    if source.line_totals:
        values["unit_price"] = convert.per_unit(values["unit_price"], values["quantity"])
    typed = ", ".join(f"{value.sql} as {value_of(c)}" for c, value in values.items())
    found = rules(entity, texts, values, extract_date, end)
    cases = " ".join(f"when {rule.broken} then {i}" for i, rule in enumerate(found, start=1))
    is_fine = fine(entity, texts, values, extract_date, end)
    sql = (
        f"select *, case when {is_fine} then 0 else case {cases} else 0 end end as problem"
        f" from (select *, {typed} from ({rows.sql}))"
    )
    return Judged(sql, found, texts, values, entity, rows.has_lines)
