"""One source of the configuration: where an extract comes from and how it is read."""

import re
from datetime import date, datetime
from typing import Any, Literal

from pydantic import (
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from pipelines.secrets import Part
from pipelines.specs import further
from pipelines.specs.closed import Closed, not_one_of, short, zone
from pipelines.specs.contract import ENTITIES
from pipelines.specs.limits import Checks
from pipelines.specs.mistakes import sentences
from pipelines.specs.presets import Preset, load_preset
from pipelines.specs.remote import Access, mistakes
from pipelines.specs.rest import Rest
from pipelines.specs.sql import Sql

_OF_FORMATS = {  # setting of a source → the formats that know it
    "elements": ("json", "jsonl"),
    "excel": ("excel",),
    "member": ("csv", "json", "jsonl"),
    "quote": ("csv",),
    "records": ("json",),
    "skip_lines": ("csv",),
}


EPOCHS = {  # times as numbers since 1970 → how many make a second
    "epoch_seconds": 1,
    "epoch_milliseconds": 1_000,
    "epoch_microseconds": 1_000_000,
}


class Excel(Closed):
    """Where the table is in a workbook (`format: excel`)."""

    sheet: str | None = Field(default=None, min_length=1)  # its name; the first one when absent
    header_row: int | None = Field(
        default=None, ge=1, le=10_000
    )  # where the column names are; the first row that is not empty when absent


class Source(Closed):
    """One extract: where it lies, how it is written, which of its columns mean what."""

    entity: str  # an entity of the input contract
    preset: Preset | None = None  # its name, or the path of your own: instead of `columns`
    connector: Literal["file", "sql", "rest"] = "file"  # where it comes from
    mode: Literal["as_it_comes", "snapshot"] = "as_it_comes"  # snapshot: every extract is whole
    path: str = ""  # here, or sftp://, s3:// …; `{date}`: the date of the extract (else tonight)
    date_in_path: str = "%Y-%m-%d"  # how the path writes that date
    access: Access | None = None  # to a remote path
    done_marker: str | None = None  # like {path}.done: a file counts once that one is beside it
    format: Literal["csv", "excel", "json", "jsonl", "parquet"] | None = (
        None  # text may be packed: gzip, zstd, zip
    )
    sql: Sql | None = None  # what a database is asked for, with `connector: sql`
    rest: Rest | None = None  # what a JSON API is asked for, with `connector: rest`
    member: str | None = Field(
        default=None, min_length=1
    )  # of a zip archive with several: its name, or a pattern such as orders_*.csv
    excel: Excel = Excel()  # of a workbook
    records: str | None = Field(
        default=None, min_length=1
    )  # of a JSON document: the dotted path of its array; the document itself when absent
    elements: str | None = Field(
        default=None, min_length=1
    )  # of JSON records: the dotted path of an array in each, whose elements are the records then
    delimiter: str = Field(default=",", min_length=1, max_length=1)  # of CSV
    quote: str = Field(default='"', max_length=1)  # of CSV; empty: quotes are plain characters
    skip_lines: int = Field(default=0, ge=0, le=10_000)  # of CSV: titles above the header
    encoding: str = "utf-8"  # any that Python knows
    decimal: Literal[".", ","] = "."  # the decimal mark
    thousands: Literal["", " ", ".", ",", "'"] = ""  # the thousands separator
    round_amounts: bool = False  # those with more than four decimals; else they are quarantined
    minor_units: bool = False  # amounts are whole numbers of hundredths: 1250 for 12.50
    empty_values: tuple[str, ...] = ()  # texts that mean nothing, such as 0000-00-00 or NULL
    date_format: str | None = None  # like %d/%m/%Y; ISO 8601 when absent
    timestamp_format: str | None = (
        None  # like %d/%m/%Y %H:%M, or epoch_seconds, _milliseconds, _microseconds; else ISO 8601
    )
    time_zone: str | None = None  # of times written without an offset; the shop's when absent
    columns: dict[str, str]  # canonical: theirs
    values: dict[str, dict[str, str]] = Field(
        default_factory=dict
    )  # canonical column: {theirs: canonical}; "" is one of theirs, too: an empty text
    constants: dict[str, str] = Field(
        default_factory=dict
    )  # canonical column: the value of every record
    overrides: dict[str, dict[str, dict[str, str]]] = Field(
        default_factory=dict
    )  # canonical column: {their column: {theirs: canonical}}: it goes first, the first listed most
    skip: dict[str, tuple[str, ...]] = Field(
        default_factory=dict
    )  # their column: [values] of records left out: any one is enough; "": empty, "*": filled
    keep: dict[str, tuple[str, ...]] = Field(
        default_factory=dict
    )  # their column: [values] of the records that alone are taken
    prefixes: dict[str, str] = Field(
        default_factory=dict
    )  # canonical id: what goes before it, where another source counts alike
    line_totals: bool = False  # unit_price is mapped to what a whole line comes to: to be divided
    number_lines: bool = False  # order lines have no number: 1, 2 … within the order, as they come
    on_missing: Literal["stop", "go_on"] = "stop"  # what a night does that finds no file of it …
    wait_until: str | None = None  # … after this time of its day, in shop time: "05:30"
    checks: Checks = Checks()  # limits of its own, instead of the shop's

    @model_validator(mode="before")
    @classmethod
    def preset_is_read(cls, block: Any) -> Any:
        """The block with what its preset sets; what the block itself sets wins."""
        if not isinstance(block, dict) or block.get("preset") is None:
            return block
        try:
            return _with_preset(block)
        except ValueError as error:
            told = str(error).split("\n")
            raise ValueError("\n".join(f"preset: {line}" for line in told)) from None

    @property
    def reads_as(self) -> str:
        """The format in which the connector brings it."""
        return self.format or _READS_AS[self.connector]

    @property
    def secrets(self) -> tuple[tuple[str, Part], ...]:
        """The names of the secrets that it needs, each with what it is."""
        if self.sql is not None:
            return ((self.sql.connection, "uri"),)
        opened = self.rest or self.access
        return opened.secrets if opened is not None else ()

    def _settings_of_other_formats(self) -> list[str]:
        """A setting that this format does not know would be ignored in silence."""
        return [
            f"{name}: allowed with format {', '.join(formats)} only; this is {self.reads_as}"
            for name, formats in _OF_FORMATS.items()
            if name in self.model_fields_set and self.reads_as not in formats
        ]

    def _parts_of_a_whole(self) -> list[str]:
        """A snapshot that is asked for what has changed would take all the rest for removed."""
        if self.mode == "as_it_comes":
            return []
        asked = [] if self.rest is None else [self.rest.url, *self.rest.parameters.values()]
        asked += [] if self.rest is None else self.rest.headers.values()
        by = "sql.cursor" if self.sql is not None and self.sql.cursor else ""
        by = by or ("{since…} in rest" if any("{since" in text for text in asked) else "")
        told = f"mode: snapshot needs all records every night, and {by} asks for the latest ones"
        return [f"{told}; remove one of the two"] if by else []

    @field_validator("entity")
    @classmethod
    def entity_exists(cls, value: str) -> str:
        if value not in ENTITIES:
            raise ValueError(not_one_of(value, sorted(ENTITIES)))
        return value

    @field_validator("encoding")
    @classmethod
    def encoding_exists(cls, value: str) -> str:
        try:
            "".encode(value)
        except LookupError:
            raise ValueError(
                f"{value!r} is no encoding that Python knows (utf-8, windows-1252, iso-8859-15 …)"
            ) from None
        return value

    @field_validator("time_zone")
    @classmethod
    def zone_exists(cls, value: str | None) -> str | None:
        return None if value is None else zone(value)

    @field_validator("delimiter")
    @classmethod
    def delimiter_is_none_of_csv_itself(cls, value: str) -> str:
        if value in '\n\r"\0':
            raise ValueError(f"found {value!r}; allowed: a sign such as ',' ';' '|' or a tab")
        return value

    @field_validator("quote")
    @classmethod
    def quote_is_a_sign(cls, value: str) -> str:
        if value and (not value.isascii() or value.isalnum() or value.isspace() or value == "\0"):
            raise ValueError(
                f"found {value!r}; allowed: a sign such as '\"' or \"'\", or '' for none"
            )
        return value

    @field_validator("date_format", "timestamp_format")
    @classmethod
    def format_has_codes(cls, value: str | None, info: ValidationInfo) -> str | None:
        epochs = EPOCHS if info.field_name == "timestamp_format" else {}
        if value is not None and "%" not in value and value not in epochs:
            others = f", or one of {', '.join(epochs)}" if epochs else ""
            raise ValueError(
                f"found {short(value)}; allowed: codes for the parts, such as %d/%m/%Y %H:%M:%S"
                f"{others}"
            )
        return value

    @field_validator("wait_until")
    @classmethod
    def time_is_of_a_day(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
            raise ValueError(f'found {short(value)}; allowed: hours and minutes such as "05:30"')
        return value

    @field_validator("date_in_path")
    @classmethod
    def date_can_be_read_back(cls, value: str) -> str:
        for day in (date(2026, 7, 1), date(2024, 12, 31)):
            if not _reads_back(day, value):
                raise ValueError(
                    f"found {value!r}; allowed: year, month and day once each, such as %Y-%m-%d"
                )
        return value

    @model_validator(mode="after")
    def columns_fit_the_entity(self) -> "Source":
        entity = ENTITIES[self.entity]
        names = [c.name for c in entity.columns]
        problems = _misplaced(self)
        problems += [
            f"{part}.{name}: {not_one_of(name, names)}"
            for part in ("columns", "values", "constants")
            for name in getattr(self, part)
            if name not in names
        ]
        given = set(self.columns) | set(self.constants)
        given |= {further.NUMBERED} if self.number_lines else set()
        where, mapped = ("preset", "returned") if self.preset else ("columns", "mapped")
        problems += [
            f"{where}: required column {name!r} of entity {self.entity!r} is not {mapped}"
            for name in entity.required
            if name not in given
        ]
        problems += [
            f"{where}: one of {', '.join(group)} must be {mapped} for entity {self.entity!r}"
            for group in entity.one_of
            if not given & set(group)
        ]
        for name, pairs in self.values.items():
            allowed = entity.column(name).allowed if name in names else ()
            problems += [
                f"values.{name}.{theirs}: {not_one_of(ours, allowed)}"
                for theirs, ours in pairs.items()
                if allowed and ours not in allowed
            ]
        problems += [
            f"constants.{name}: {not_one_of(value, entity.column(name).allowed)}"
            for name, value in self.constants.items()
            if name in names and entity.column(name).allowed
            if value not in entity.column(name).allowed
        ]
        elsewhere = "comes from the preset too" if self.preset else "is mapped under columns too"
        problems += [
            f"constants.{name}: {elsewhere}; remove one of the two"
            for name in self.constants
            if name in self.columns
        ]
        problems += self._settings_of_other_formats()
        if self.quote == self.delimiter:
            problems.append(f"quote: found {self.quote!r}, which is the delimiter")
        if self.minor_units and self.round_amounts:
            problems.append("round_amounts: means nothing with minor_units; remove one of the two")
        if self.decimal == self.thousands:
            problems.append(f"thousands: found {self.thousands!r}, which is the decimal mark")
        problems += further.mistakes(self)
        problems += mistakes(self.path, self.access, self.done_marker)
        problems += self.checks.mistakes(entity)
        problems += self._parts_of_a_whole()
        if problems:
            raise ValueError("\n".join(problems))
        return self


_READS_AS = {"sql": "parquet", "rest": "jsonl"}
_NEEDS = {"file": ("path", "format"), "sql": ("sql",), "rest": ("rest",)}  # its settings
_OF_FILES = (
    "path", "format", "date_in_path", "delimiter", "encoding", "access", "done_marker", "wait_until"
)  # fmt: skip
_FOREIGN = {  # connector → the settings of others
    "file": ("sql", "rest"),
    "sql": (*_OF_FILES, "rest"),
    "rest": (*_OF_FILES, "sql"),
}


def _misplaced(source: Source) -> list[str]:
    """The settings that the connector lacks, and those that only another one knows."""
    kind = source.connector
    lacking = [s for s in _NEEDS[kind] if not getattr(source, s)]
    foreign = [s for s in _FOREIGN[kind] if s in source.model_fields_set]
    return [
        *(f"{s}: missing; it is required with connector {kind!r}" for s in lacking),
        *(f"{s}: means nothing with connector {kind!r}; remove it" for s in foreign),
    ]


_LEAST = {  # a source to try the settings of a preset on
    "entity": "stores",
    "path": "stores.csv",
    "format": "csv",
    "columns": {"store_id": "code"},
}


def _with_preset(block: dict[str, Any]) -> dict[str, Any]:
    """The block of a source in the terms of the preset it names: `columns` are those that the SQL
    of its entity returns. ValueError with a line per mistake of the preset."""
    if "columns" in block:
        raise ValueError("it gives the columns; remove `columns`, or copy its folder and change it")
    if not isinstance(block["preset"], str):
        found = short(block["preset"])
        raise ValueError(f"found {found}; allowed: a name of config/presets, or a folder's path")
    preset = load_preset(block["preset"], _wrong_settings)
    entity = str(block.get("entity"))
    if entity in ENTITIES and entity not in preset.selects:
        fed = ", ".join(sorted(preset.selects))
        raise ValueError(f"{preset.name} feeds {fed}; it has no {entity}.sql")
    returned = preset.selects[entity].returns if entity in preset.selects else ()
    columns = {name: name for name in returned}
    return {**_fitting(preset, block), **block, "preset": preset, "columns": columns}


def _wrong_settings(settings: dict[str, Any]) -> list[str]:
    try:
        Source.model_validate(_LEAST | settings)
    except ValidationError as error:
        return sentences(error, Source)
    return []


def _fitting(preset: Preset, block: dict[str, Any]) -> dict[str, Any]:
    """The settings of a preset, less those that another connector or format does not know."""
    connector = str(block.get("connector", "file"))
    written = block.get("format") or preset.declaration.settings.get("format")
    reads_as = _READS_AS.get(connector, written)
    return {
        name: value
        for name, value in preset.declaration.settings.items()
        if name not in _FOREIGN.get(connector, ())
        and (name not in _OF_FORMATS or reads_as in _OF_FORMATS[name])
    }


def _reads_back(day: date, written_as: str) -> bool:
    try:
        return datetime.strptime(day.strftime(written_as), written_as).date() == day  # noqa: DTZ007
    except (ValueError, re.error):
        return False
