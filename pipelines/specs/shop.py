"""`config/<shop>.yml`: the one file a data engineer edits. A closed, frozen schema; reading it
reports every mistake at once, each with its path in the file, what was found, what is allowed."""

import hashlib
import json
import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, ValidationInfo, field_validator, model_validator

from pipelines.errors import ConfigError
from pipelines.specs.closed import Closed, SecretName, short, zone
from pipelines.specs.limits import Checks, Limits, settled
from pipelines.specs.mistakes import sentences
from pipelines.specs.source import Source
from pipelines.specs.yaml_file import read_yaml

Share = Annotated[float, Field(ge=0, le=1)]
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")  # of sources and destinations: folders


class Amounts(Closed):
    """What `total_amount` of the orders includes. Nothing is converted: the analysts' file says it
    with the column."""

    includes_tax: bool = True  # else net of tax
    includes_shipping: bool = True  # else goods only


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


class Identity(Closed):
    """What tells that two records are one person. A change counts for what is loaded from then
    on."""

    blocked_values: tuple[str, ...] = ()  # further ones that stand for nobody, such as a till's own
    max_profiles: int = Field(
        default=6, ge=2, le=1000
    )  # that one address, number or card may tie: more are no household
    max_contacts_per_browser: int = Field(default=3, ge=1, le=1000)  # else it is a kiosk

    @field_validator("blocked_values")
    @classmethod
    def values_are_compared_in_lower_case(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(value.strip().lower() for value in values)


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
    parquet: bool = True  # the same tables beside it, for tools that do not read DuckDB


class Retention(Closed):
    """How long derived tables are kept, and records that could not be loaded."""

    snapshot_nights: int = Field(default=35, ge=1, le=3660)
    candidate_nights: int = Field(default=35, ge=1, le=3660)
    timeline_months: int = Field(default=13, ge=1, le=120)
    quarantine_days: int = Field(default=90, ge=1, le=3660)  # from the date of the extract


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
    hash_key: SecretName = "NOCTURNE_HASH_KEY"  # name of the secret that groups are drawn with
    amounts: Amounts = Amounts()
    sources: dict[str, Source] = Field(min_length=1)
    identity: Identity = Identity()
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
        return zone(value)

    @field_validator("country")
    @classmethod
    def country_has_phones(cls, value: str) -> str:
        import phonenumbers

        if value not in phonenumbers.SUPPORTED_REGIONS:
            near = "did you mean 'GB'? " if value == "UK" else ""
            raise ValueError(f"found {value!r}; {near}allowed: an ISO country code such as FR")
        return value

    @field_validator("sources", "destinations")
    @classmethod
    def names_are_folder_names(cls, value: dict[str, Any]) -> dict[str, Any]:
        wrong = [name for name in value if not _NAME.fullmatch(name)]
        if wrong:
            raise ValueError(
                f"found the name {short(wrong[0])}; allowed: up to 64 letters, digits, - and _"
            )
        return value

    @field_validator("sources")
    @classmethod
    def orders_are_there(cls, value: dict[str, Source], info: ValidationInfo) -> dict[str, Source]:
        is_draft = bool(info.context and info.context.get("is_draft"))
        if not is_draft and not any(source.entity == "orders" for source in value.values()):
            raise ValueError("no source feeds the entity 'orders', the one that is required")
        return value

    def entities(self) -> set[str]:
        """The entities that some source feeds."""
        return {source.entity for source in self.sources.values()}

    def limits(self, source: str) -> Limits:
        """What load tolerates of a source."""
        fed = self.sources[source]
        return settled(fed.entity, self.checks, fed.checks)

    def fingerprint(self) -> str:
        """A hash of everything it sets: a night pins it when it starts. What is left to its default
        does not count, so that a new setting of a later version changes no old night."""
        text = json.dumps(self.model_dump(mode="json", exclude_defaults=True), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def load_shop(path: Path, *, is_draft: bool = False) -> Shop:
    """The configuration in `path`; ConfigError lists every mistake in it. A draft may still lack
    the source of the orders."""
    if not path.is_file():
        near = sorted(str(p) for p in path.parent.glob("*.yml")) if path.parent.is_dir() else []
        raise ConfigError(f"{path}: no such file; there are: {', '.join(near) or 'none'}")
    content = read_yaml(path)
    if not isinstance(content, dict):
        raise ConfigError(f"{path}: expected a mapping of settings, found {short(content)}")
    try:
        return Shop.model_validate(content, context={"is_draft": is_draft})
    except ValidationError as error:
        lines = [f"  {sentence}" for sentence in sentences(error, Shop)]
        count = f"{len(lines)} mistake{'s' if len(lines) > 1 else ''}"
        raise ConfigError("\n".join([f"{path}: {count}", *lines])) from None
