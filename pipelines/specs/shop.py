"""`config/<shop>.yml`: the one file a data engineer edits. A closed, frozen schema; reading it
reports every mistake at once, each with its path in the file, what was found, what is allowed."""

import difflib
import hashlib
import json
import re
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

import yaml
from pydantic import (
    BaseModel,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from pipelines.errors import ConfigError
from pipelines.specs.closed import Closed
from pipelines.specs.contract import CHANNELS, ENTITIES
from pipelines.specs.remote import Access, mistakes
from pipelines.specs.rest import Rest
from pipelines.specs.sql import Sql

Share = Annotated[float, Field(ge=0, le=1)]
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")  # of sources and destinations: folders
_NO_PLACE = {"localtime", "Factory", "posixrules"}  # listed with the time zones, but none
_OF_FORMATS = {  # setting of a source → the formats that know it
    "excel": ("excel",),
    "member": ("csv", "json", "jsonl"),
    "quote": ("csv",),
    "records": ("json",),
    "skip_lines": ("csv",),
}
_WANTED = {  # pydantic's kind of mistake → what is allowed
    "bool_parsing": "true or false",
    "bool_type": "true or false",
    "dict_type": "a section of settings",
    "float_parsing": "a number",
    "float_type": "a number",
    "int_from_float": "a whole number",
    "int_parsing": "a whole number",
    "int_type": "a whole number",
    "invalid_key": "a name, in quotes",
    "model_type": "a section of settings",
    "string_type": "a text; YAML wants quotes around numbers, dates, yes and no",
    "tuple_type": "a list",
}


class Amounts(Closed):
    """What `total_amount` of the orders includes. Nothing is converted: the analysts' file says it
    with the column."""

    includes_tax: bool = True  # else net of tax
    includes_shipping: bool = True  # else goods only


class Excel(Closed):
    """Where the table is in a workbook (`format: excel`)."""

    sheet: str | None = Field(default=None, min_length=1)  # its name; the first one when absent
    header_row: int | None = Field(
        default=None, ge=1, le=10_000
    )  # where the column names are; the first row that is not empty when absent


class Source(Closed):
    """One extract: where it lies, how it is written, which of its columns mean what."""

    entity: str  # an entity of the input contract
    connector: Literal["file", "sql", "rest"] = "file"  # where it comes from
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
    delimiter: str = Field(default=",", min_length=1, max_length=1)  # of CSV
    quote: str = Field(default='"', max_length=1)  # of CSV; empty: quotes are plain characters
    skip_lines: int = Field(default=0, ge=0, le=10_000)  # of CSV: titles above the header
    encoding: str = "utf-8"  # any that Python knows
    decimal: Literal[".", ","] = "."  # the decimal mark
    thousands: Literal["", " ", ".", ",", "'"] = ""  # the thousands separator
    date_format: str | None = None  # like %d/%m/%Y; ISO 8601 when absent
    timestamp_format: str | None = None  # like %d/%m/%Y %H:%M; ISO 8601 when absent
    time_zone: str | None = None  # of times written without an offset; the shop's when absent
    columns: dict[str, str]  # canonical: theirs
    values: dict[str, dict[str, str]] = Field(
        default_factory=dict
    )  # canonical column: {theirs: canonical}
    constants: dict[str, str] = Field(
        default_factory=dict
    )  # canonical column: the value of every record
    on_missing: Literal["stop", "warn"] = "stop"  # when the night finds no file of it at all

    @property
    def reads_as(self) -> str:
        """The format in which the connector brings it."""
        return self.format or {"sql": "parquet", "rest": "jsonl"}[self.connector]

    def _settings_of_other_formats(self) -> list[str]:
        """A setting that this format does not know would be ignored in silence."""
        return [
            f"{name}: allowed with format {', '.join(formats)} only; this is {self.reads_as}"
            for name, formats in _OF_FORMATS.items()
            if name in self.model_fields_set and self.reads_as not in formats
        ]

    @field_validator("entity")
    @classmethod
    def entity_exists(cls, value: str) -> str:
        if value not in ENTITIES:
            raise ValueError(_not_one_of(value, sorted(ENTITIES)))
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
        return None if value is None else _zone(value)

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
    def format_has_codes(cls, value: str | None) -> str | None:
        if value is not None and "%" not in value:
            raise ValueError(
                f"found {_short(value)}; allowed: codes for the parts, such as %d/%m/%Y %H:%M:%S"
            )
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
            f"{part}.{name}: {_not_one_of(name, names)}"
            for part in ("columns", "values", "constants")
            for name in getattr(self, part)
            if name not in names
        ]
        given = set(self.columns) | set(self.constants)
        problems += [
            f"columns: required column {name!r} of entity {self.entity!r} is not mapped"
            for name in entity.required
            if name not in given
        ]
        problems += [
            f"columns: one of {', '.join(group)} must be mapped for entity {self.entity!r}"
            for group in entity.one_of
            if not given & set(group)
        ]
        for name, pairs in self.values.items():
            allowed = entity.column(name).allowed if name in names else ()
            problems += [
                f"values.{name}.{theirs}: {_not_one_of(ours, allowed)}"
                for theirs, ours in pairs.items()
                if allowed and ours not in allowed
            ]
        problems += [
            f"constants.{name}: {_not_one_of(value, entity.column(name).allowed)}"
            for name, value in self.constants.items()
            if name in names and entity.column(name).allowed
            if value not in entity.column(name).allowed
        ]
        problems += [
            f"constants.{name}: is mapped under columns too; remove one of the two"
            for name in self.constants
            if name in self.columns
        ]
        problems += self._settings_of_other_formats()
        if self.quote == self.delimiter:
            problems.append(f"quote: found {self.quote!r}, which is the delimiter")
        if self.decimal == self.thousands:
            problems.append(f"thousands: found {self.thousands!r}, which is the decimal mark")
        problems += mistakes(self.path, self.access, self.done_marker)
        if problems:
            raise ValueError("\n".join(problems))
        return self


_NEEDS = {"file": ("path", "format"), "sql": ("sql",), "rest": ("rest",)}  # its settings
_OF_FILES = (
    "path", "format", "date_in_path", "delimiter", "encoding", "access", "done_marker"
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


class Contacting(Closed):
    """How many messages, to whom, and how many people are left out to learn from."""

    lawful_basis: Literal["opt_in", "soft_opt_in", "assumed"] = "opt_in"  # without a record
    lawful_basis_reason: str | None = None  # required when assumed
    holdout_share: Share = 0.1  # of contact points, never mailed by us, drawn once
    exploration_share: Share = 0.1  # of decisions, drawn at random to learn from
    cycle_days: int = Field(default=7, ge=1, le=28)  # one decision counts in so many days
    outcome_days: int = Field(default=14, ge=1, le=90)  # a message may be credited so long
    cap_messages: int = Field(default=2, ge=0, le=1000)  # per contact point …
    cap_days: int = Field(
        default=14, ge=1, le=366
    )  # … in so many days, planned newsletters included
    margin_rate: Share = 0.4  # of revenue, to value an order

    @model_validator(mode="after")
    def an_assumption_has_a_reason(self) -> "Contacting":
        if self.lawful_basis == "assumed" and not self.lawful_basis_reason:
            raise ValueError("lawful_basis_reason is required when lawful_basis is 'assumed'")
        return self


class Training(Closed):
    """The past dates that models learn from: every `anchor_every_days`, `anchors` of them."""

    anchor_every_days: int = Field(default=28, ge=1, le=366)  # days between two of them
    anchors: int = Field(default=18, ge=3, le=200)  # how many
    retrain_every_days: int = Field(
        default=28, ge=1, le=3660
    )  # age at which a champion is challenged


class ModelSettings(Closed):
    """What a shop may change of a model's declaration."""

    horizon_days: int | None = Field(default=None, ge=1, le=730)  # instead of the declared one
    enabled: bool = True  # false: do without it


class Destination(Closed):
    """Where the CRM team picks the files up."""

    kind: Literal["folder"] = "folder"  # how files are handed over
    path: str  # relative to the data directory
    delimiter: Literal[",", ";", "\t"] = ","  # of its files
    channels: tuple[Literal["email", "sms", "post"], ...] = ("email", "sms")  # it writes on
    scores: tuple[str, ...] = ("churn", "purchase_propensity")  # models in the score file


class Publishing(Closed):
    """What analysts see of addresses."""

    addresses: Literal["pseudonymised", "clear"] = "pseudonymised"  # in the published file


class Checks(Closed):
    """Bounds of the volume checks, against the median of past extracts of the same source."""

    volume_drop_critical: Share = 0.4  # a daily extract smaller than 60 % of the usual stops
    volume_history: int = Field(
        default=3, ge=1, le=366
    )  # past extracts needed before that is judged


class Retention(Closed):
    """How long derived tables are kept."""

    snapshot_nights: int = Field(default=35, ge=1, le=3660)
    candidate_nights: int = Field(default=35, ge=1, le=3660)
    timeline_months: int = Field(default=13, ge=1, le=120)


class Notify(Closed):
    """Whom Airflow tells about a failed or late night; the log always."""

    email: tuple[str, ...] = ()  # through the Airflow connection `smtp_default`
    slack_channel: str | None = None  # through the Airflow connection `slack_api_default`


class Shop(Closed):
    """The whole configuration of one shop."""

    shop: str = Field(pattern=r"^[a-z][a-z0-9_]*$")  # its short name
    title: str  # its name on the report
    time_zone: str  # the night begins at 00:00 there
    currency: str = Field(pattern=r"^[A-Z]{3}$")  # of all amounts, converted where needed
    country: str = Field(pattern=r"^[A-Z]{2}$")  # region of phone numbers without a prefix
    languages: tuple[Literal["fr", "en"], ...] = Field(
        default=("fr", "en"), min_length=1
    )  # of the report
    hash_key: str = "NOCTURNE_HASH_KEY"  # name of the environment variable that holds the key
    amounts: Amounts = Amounts()
    sources: dict[str, Source] = Field(min_length=1)
    contacting: Contacting = Contacting()
    training: Training = Training()
    models: dict[str, ModelSettings] = Field(default_factory=dict)
    destinations: dict[str, Destination] = Field(default_factory=dict)
    publishing: Publishing = Publishing()
    checks: Checks = Checks()
    retention: Retention = Retention()
    notify: Notify = Notify()

    @field_validator("time_zone")
    @classmethod
    def zone_exists(cls, value: str) -> str:
        return _zone(value)

    @field_validator("country")
    @classmethod
    def country_has_phones(cls, value: str) -> str:
        import phonenumbers

        if value not in phonenumbers.SUPPORTED_REGIONS:
            near = "did you mean 'GB'? " if value == "UK" else ""
            raise ValueError(f"found {value!r}; {near}allowed: an ISO country code such as FR")
        return value

    @field_validator("hash_key")
    @classmethod
    def hash_key_is_a_name(cls, value: str) -> str:
        if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", value):
            raise ValueError("allowed: the name of an environment variable, never the key itself")
        return value

    @field_validator("sources", "destinations")
    @classmethod
    def names_are_folder_names(cls, value: dict[str, Any]) -> dict[str, Any]:
        wrong = [name for name in value if not _NAME.fullmatch(name)]
        if wrong:
            raise ValueError(
                f"found the name {_short(wrong[0])}; allowed: up to 64 letters, digits, - and _"
            )
        return value

    @field_validator("sources")
    @classmethod
    def orders_are_there(cls, value: dict[str, Source], info: ValidationInfo) -> dict[str, Source]:
        if not any(source.entity == "orders" for source in value.values()):
            raise ValueError("no source feeds the entity 'orders', the one that is required")
        return value

    def entities(self) -> set[str]:
        """The entities that some source feeds."""
        return {source.entity for source in self.sources.values()}

    def fingerprint(self) -> str:
        """A hash of everything it sets: a night pins it when it starts. What is left to its default
        does not count, so that a new setting of a later version changes no old night."""
        text = json.dumps(self.model_dump(mode="json", exclude_defaults=True), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def load_shop(path: Path) -> Shop:
    """The configuration in `path`; ConfigError lists every mistake in it."""
    if not path.is_file():
        near = sorted(str(p) for p in path.parent.glob("*.yml")) if path.parent.is_dir() else []
        raise ConfigError(f"{path}: no such file; there are: {', '.join(near) or 'none'}")
    content = read_yaml(path)
    if not isinstance(content, dict):
        raise ConfigError(f"{path}: expected a mapping of settings, found {_short(content)}")
    try:
        return Shop.model_validate(content)
    except ValidationError as error:
        lines = [line for item in error.errors() for line in _sentences(dict(item))]
        count = f"{len(lines)} mistake{'s' if len(lines) > 1 else ''}"
        raise ConfigError("\n".join([f"{path}: {count}", *lines])) from None


class _Loader(yaml.SafeLoader):
    """YAML in which no key comes twice: the last one would silently replace the others."""

    def compose_mapping_node(self, anchor: Any) -> yaml.MappingNode:
        node = super().compose_mapping_node(anchor)
        names = [key for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        seen: set[str] = set()
        for key in names:
            if key.value in seen:
                problem = f"the key {key.value!r} comes twice; remove or rename one"
                raise yaml.MarkedYAMLError(problem=problem, problem_mark=key.start_mark)
            seen.add(key.value)
        return node


def read_yaml(path: Path) -> Any:
    """What a YAML file holds; ConfigError with the line when it cannot be read."""
    try:
        with path.open(encoding="utf-8") as file:
            return yaml.load(file, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"{path}, line {mark.line + 1}, column {mark.column + 1}" if mark else f"{path}"
        raise ConfigError(f"{where}: not readable as YAML: {error.problem}") from None
    except RecursionError:
        raise ConfigError(f"{path}: not readable as YAML: nested too deeply") from None
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a date or number that is none
        what = str(error).splitlines()[0]
        raise ConfigError(f"{path}: not readable as YAML (UTF-8): {what}") from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from None


def _sentences(item: dict[str, Any]) -> list[str]:
    where = ".".join(str(part) for part in item["loc"])
    message = item["msg"].removeprefix("Value error, ")
    if item["type"] == "extra_forbidden":
        return [f"  {where}: unknown setting; {_known_settings(item['loc'])}"]
    if item["type"] == "missing":
        return [f"  {where}: missing; it is required"]
    if item["type"] == "value_error":
        prefix = f"{where}." if "\n" in message or _is_located(message) else f"{where}: "
        return [f"  {prefix}{line}" for line in message.split("\n")]
    wanted = f"allowed: {_WANTED[item['type']]}" if item["type"] in _WANTED else message
    found = "nothing" if item["input"] is None else _short(item["input"])
    return [f"  {where}: found {found}; {wanted}"]


def _is_located(message: str) -> bool:
    """Whether a sentence begins with a setting below the one that is checked."""
    place, colon, _ = re.split("[`'\"]", message)[0].partition(": ")
    return bool(colon) and ";" not in place and place != "allowed"


def _known_settings(loc: tuple[Any, ...]) -> str:
    """The settings allowed beside the unknown one at `loc`, nearest name first."""
    model: type[BaseModel] = Shop
    for part in loc[:-1]:
        field = model.model_fields.get(str(part))
        nested = _nested_model(field.annotation) if field else None
        model = nested or model
    names = sorted(model.model_fields)
    near = difflib.get_close_matches(str(loc[-1]), names, n=1)
    hint = f"did you mean {near[0]!r}? " if near else ""
    return f"{hint}allowed: {', '.join(names)}"


def _nested_model(annotation: Any) -> type[BaseModel] | None:
    candidates = [annotation, *getattr(annotation, "__args__", ())]
    return next((c for c in candidates if isinstance(c, type) and issubclass(c, BaseModel)), None)


def _not_one_of(value: str, allowed: Any) -> str:
    near = difflib.get_close_matches(value, list(allowed), n=1)
    hint = f"did you mean {near[0]!r}? " if near else ""
    return f"found {value!r}; {hint}allowed: {', '.join(allowed)}"


def _zone(value: str) -> str:
    if value not in available_timezones() - _NO_PLACE:
        raise ValueError(f"found {value!r}; allowed: a name such as Europe/Paris or UTC")
    return value


def _reads_back(day: date, written_as: str) -> bool:
    try:
        return datetime.strptime(day.strftime(written_as), written_as).date() == day  # noqa: DTZ007
    except (ValueError, re.error):
        return False


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"


__all__ = ["CHANNELS", "Closed", "Destination", "Shop", "Source", "load_shop"]
