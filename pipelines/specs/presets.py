"""Presets: how a well-known export becomes records of the input contract.

A preset is a folder: `preset.yml` says how the export is written and which of its columns are read,
and `<entity>.sql` restructures them, one SELECT for each entity that the export can feed."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import Field, ValidationError, field_validator, model_validator

from pipelines.errors import ConfigError
from pipelines.settings import PROJECT_ROOT
from pipelines.specs.closed import Closed, not_one_of
from pipelines.specs.contract import ENTITIES, Entity
from pipelines.specs.mistakes import sentences
from pipelines.specs.yaml_file import read_yaml

if TYPE_CHECKING:
    import duckdb

PRESETS_DIR = PROJECT_ROOT / "config" / "presets"
LINE, EXTRACT_DATE = "_line", "_extract_date"
_OWN = (LINE, EXTRACT_DATE, "extra")  # what stands beside the columns of the export
_SETTINGS = (  # of a source that say how an extract is written
    "date_format",
    "decimal",
    "delimiter",
    "empty_values",
    "encoding",
    "excel",
    "format",
    "member",
    "minor_units",
    "quote",
    "records",
    "round_amounts",
    "skip_lines",
    "thousands",
    "time_zone",
    "timestamp_format",
)


class Declaration(Closed):
    """How a known export is written and what its SQL reads of it. Columns are named as in the
    header or, in JSON, by dotted paths; a whole array or object comes as JSON text."""

    title: str  # of what export
    settings: dict[str, Any] = Field(default_factory=dict)  # of a source, unless that sets them
    columns: tuple[str, ...] = Field(min_length=1)  # that every extract must have
    optional_columns: tuple[str, ...] = ()  # that an extract may lack; NULL then

    @field_validator("settings")
    @classmethod
    def settings_are_about_reading(cls, value: dict[str, Any]) -> dict[str, Any]:
        problems = [
            f"{name}: {not_one_of(name, _SETTINGS)}" for name in value if name not in _SETTINGS
        ]
        if problems:
            raise ValueError("\n".join(problems))
        return value

    @model_validator(mode="after")
    def columns_are_told_apart(self) -> "Declaration":
        names = Counter(name.lower() for name in self.declared)
        problems = [
            f"columns: {name!r} comes {count} times; SQL tells no capitals from small letters"
            for name, count in names.items()
            if count > 1
        ]
        problems += [
            f"columns: {name!r} is the name of a column that the SQL has anyway; remove it"
            for name in self.declared
            if name.lower() in _OWN
        ]
        if problems:
            raise ValueError("\n".join(problems))
        return self

    @property
    def declared(self) -> tuple[str, ...]:
        """All columns that the SQL may read, as text."""
        return (*self.columns, *self.optional_columns)


@dataclass(frozen=True, slots=True)
class Select:
    """`<entity>.sql`: a SELECT over `records`, which holds the declared columns as text, `_line`
    (BIGINT) and `_extract_date` (text). `returns`: the canonical columns that it gives, as text,
    beside `_line`."""

    sql: str
    returns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preset:
    """A preset as it was read from its folder: `selects` by entity."""

    name: str
    declaration: Declaration
    selects: dict[str, Select]


def load_preset(named: str, wrong_settings: Callable[[dict[str, Any]], list[str]]) -> Preset:
    """The preset called `named` in `config/presets`, or that in the folder of that path.
    `wrong_settings` tells what is wrong with values of settings.

    ValueError tells every mistake in its files, a line each."""
    folder = _folder(named)
    declaration, problems = _declaration(folder / "preset.yml")
    if declaration:
        told = wrong_settings(declaration.settings)
        problems += [f"{_shown(folder / 'preset.yml')}: settings.{line}" for line in told]
    selects: dict[str, Select] = {}
    files = sorted(folder.glob("*.sql"))
    if not files:
        problems.append(f"{_shown(folder)}: holds no SQL file; allowed: one such as orders.sql")
    for file in files:
        if file.stem not in ENTITIES:
            problems.append(f"{_shown(file)}: no entity; {not_one_of(file.stem, sorted(ENTITIES))}")
        elif declaration:
            select, wrong = _select(file, declaration, ENTITIES[file.stem])
            selects[file.stem] = select
            problems += [f"{_shown(file)}: {problem}" for problem in wrong]
    if declaration is None or problems:
        raise ValueError("\n".join(problems))
    return Preset(folder.name, declaration, selects)


def _folder(named: str) -> Path:
    folder = PROJECT_ROOT / named if "/" in named else PRESETS_DIR / named
    if (folder / "preset.yml").is_file():
        return folder
    if "/" in named:
        raise ValueError(f"found {named!r}; no preset.yml is in that folder")
    known = sorted(path.parent.name for path in PRESETS_DIR.glob("*/preset.yml"))
    raise ValueError(f"{not_one_of(named, known)}, or the path of a folder with a preset.yml")


def _shown(path: Path) -> str:
    return str(path.relative_to(PROJECT_ROOT) if path.is_relative_to(PROJECT_ROOT) else path)


def _declaration(path: Path) -> tuple[Declaration | None, list[str]]:
    try:
        return Declaration.model_validate(read_yaml(path)), []
    except ConfigError as error:
        return None, [str(error)]
    except ValidationError as error:
        return None, [f"{_shown(path)}: {line}" for line in sentences(error, Declaration)]


def _select(file: Path, declaration: Declaration, entity: Entity) -> tuple[Select, list[str]]:
    """The SELECT of a file, and what is wrong with it."""
    import duckdb  # most configurations do without

    text = file.read_text(encoding="utf-8", errors="replace").strip()
    try:
        types, problem = _types(text, declaration)
    except duckdb.Error as error:
        return Select(text, ()), [_sql_mistake(error, declaration)]
    if problem:
        return Select(text, ()), [problem]
    returned = tuple(name for name, _ in types if name != LINE)
    return Select(text.removesuffix(";"), returned), _misfits(types, entity)


def _misfits(types: list[tuple[str, str]], entity: Entity) -> list[str]:
    """What of the columns that a SELECT returns does not suit the entity."""
    names = [column.name for column in entity.columns]
    found = [name for name, _ in types]
    problems = [f"returns {name!r} twice" for name in dict.fromkeys(found) if found.count(name) > 1]
    problems += [
        f"returns no column of {entity.name}: {not_one_of(name, [*names, LINE])}"
        for name in found
        if name not in (*names, LINE)
    ]
    problems += [
        f"returns {name!r} as {kind}; cast it to varchar, its type comes later"
        for name, kind in types
        if name in names and kind != "VARCHAR"
    ]
    if (LINE, "BIGINT") not in types:
        problems.append(f"must return {LINE}, the line of the record that a row comes from, as is")
    return problems


def _types(text: str, declaration: Declaration) -> tuple[list[tuple[str, str]], str]:
    """The columns that an SQL text returns with their types, or what is wrong instead. It is
    prepared in an empty database that reaches no file; duckdb.Error when it cannot be."""
    import duckdb

    with duckdb.connect(":memory:") as con:
        con.execute("load icu")
        con.execute("set enable_external_access = false")
        statements = con.extract_statements(text)
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            return [], f"holds {len(statements)} statements; allowed: one SELECT"
        changing = _changing(con, text)
        if changing:
            return [], (
                f"uses {', '.join(changing)}, which a night cannot repeat; the date of the extract "
                f"is {EXTRACT_DATE}"
            )
        con.execute(f"create table records as {no_records(declaration)}")
        rows = con.sql(statements[0].query)
        types = list(zip(rows.columns, map(str, rows.types), strict=True))
    return types, ""


def _changing(con: "duckdb.DuckDBPyConnection", text: str) -> list[str]:
    """The functions that an SQL text calls, or names as `current_date`, and that give another value
    each time."""
    [(parsed,)] = con.execute("select json_serialize_sql(?::varchar)", [text]).fetchall()
    used = set(re.findall(r'"(?:function_name":|column_names":\[)"(\w+)"', parsed))
    changing = con.execute(
        "select distinct function_name from duckdb_functions() where stability <> 'CONSISTENT'"
    ).fetchall()
    known = {name for (name,) in changing} | {"current_time", "current_timestamp", "localtime"}
    return sorted(used & known)


def no_records(declaration: Declaration) -> str:
    """SQL: `records` without a row."""
    nulls = [f"null::varchar as {_name(column)}" for column in declaration.declared]
    own = f"null::bigint as {LINE}, null::varchar as {EXTRACT_DATE}"
    return f"select {', '.join(nulls)}, {own} where false"


def _name(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


def _sql_mistake(error: "duckdb.Error", declaration: Declaration) -> str:
    first_line = str(error).splitlines()[0]
    missing = re.search(r'column "([^"]+)" not found', first_line)
    if missing:
        return f"reads a column of no extract: {not_one_of(missing[1], declaration.declared)}"
    return f"no SQL that can run here ({first_line}); it may read the table `records`, nothing else"
