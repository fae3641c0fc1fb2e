"""The input contract: which entities and columns the front door accepts, and their types."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """How the text of an extract becomes a value.

    `email` and `phone` are soft: a value that cannot be normalised becomes NULL, is kept in the
    raw row's `extra`, and is counted; every other kind that cannot be read quarantines its record.
    """

    ID = "id"  # text, trimmed
    TEXT = "text"
    EMAIL = "email"  # trimmed, lower case
    PHONE = "phone"  # E.164
    TIMESTAMP = "timestamp"  # UTC
    DATE = "date"
    AMOUNT = "amount"  # DECIMAL(18,4)
    QUANTITY = "quantity"  # DECIMAL(18,3)
    RATE = "rate"  # DECIMAL(9,6), a share (0.2, not 20)
    INTEGER = "integer"
    BOOLEAN = "boolean"


SQL_TYPE = {
    Kind.ID: "VARCHAR",
    Kind.TEXT: "VARCHAR",
    Kind.EMAIL: "VARCHAR",
    Kind.PHONE: "VARCHAR",
    Kind.TIMESTAMP: "TIMESTAMP",
    Kind.DATE: "DATE",
    Kind.AMOUNT: "DECIMAL(18,4)",
    Kind.QUANTITY: "DECIMAL(18,3)",
    Kind.RATE: "DECIMAL(9,6)",
    Kind.INTEGER: "BIGINT",
    Kind.BOOLEAN: "BOOLEAN",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an entity. `allowed`: the closed set of canonical values, if it has one.
    `may_be_future`: a time after the extract is meaningful (an end date), not a mistake."""

    name: str
    kind: Kind
    required: bool = False
    allowed: tuple[str, ...] = ()
    may_be_future: bool = False
    non_negative: bool = False


@dataclass(frozen=True, slots=True)
class Removal:
    """What a record says from the day on which its source no longer has it: `column` is `value` or,
    without one, the moment of that day: its 00:00, for a date the day before. A record that says so
    already, or whose `column` is one of `unless`, says nothing new. `at`: the time of the change.
    `about`: of a log, the columns that with the person say what its entries are about; only when
    all of those are gone is anything removed."""

    column: str
    value: str | None = None
    at: str | None = None
    unless: tuple[str, ...] = ()
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entity:
    """One kind of record. `key`: the columns that identify a record; a later record with the same
    key supersedes the earlier. `one_of`: groups of which at least one column must be filled.
    `ordered_by`: the column that says which of two records of one extract is the later one.
    `when_removed`: what a record says that a full export no longer has; None: nothing."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    one_of: tuple[tuple[str, ...], ...] = ()
    ordered_by: str | None = None
    when_removed: Removal | None = None

    def column(self, name: str) -> Column:
        """The column called `name`; KeyError if the entity has none."""
        return {c.name: c for c in self.columns}[name]

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(c.name for c in self.columns if c.required)

    @property
    def identity(self) -> tuple[tuple[str, ...], ...]:
        """What a record is about, as groups of columns of which the first filled one counts: its
        key or, of a log, the person and `when_removed.about`."""
        if self.when_removed and self.when_removed.about:
            return (*self.one_of, *((column,) for column in self.when_removed.about))
        return tuple((column,) for column in self.key)

    @property
    def event_time(self) -> str | None:
        """The time that every record has, by which the age of an extract is told; None without."""
        times = (c.name for c in self.columns if c.required and c.kind is Kind.TIMESTAMP)
        return next(times, None)


ID, TEXT, EMAIL, PHONE = Kind.ID, Kind.TEXT, Kind.EMAIL, Kind.PHONE
TIMESTAMP, DATE, AMOUNT, QUANTITY = Kind.TIMESTAMP, Kind.DATE, Kind.AMOUNT, Kind.QUANTITY
RATE, INTEGER, BOOLEAN = Kind.RATE, Kind.INTEGER, Kind.BOOLEAN

CHANNELS = ("email", "sms", "push", "phone", "post")
ORDER_STATUSES = ("pending", "paid", "shipped", "completed", "cancelled", "refunded")
ORDER_CHANNELS = ("web", "app", "store", "phone", "marketplace")
WEB_EVENTS = (
    "page_view",
    "product_view",
    "search",
    "add_to_cart",
    "remove_from_cart",
    "begin_checkout",
    "purchase",
    "sign_in",
    "app_activity",
    "store_locator",
)
CAMPAIGN_EVENTS = ("delivered", "open", "click", "bounce", "unsubscribe", "complaint")


def _entity(
    name: str,
    *columns: Column,
    key: tuple[str, ...],
    one_of: tuple[tuple[str, ...], ...] = (),
    ordered_by: str | None = None,
    when_removed: Removal | None = None,
) -> Entity:
    return Entity(name, columns, key, one_of, ordered_by, when_removed)


ENTITIES: dict[str, Entity] = {
    entity.name: entity
    for entity in (
        _entity(
            "contacts",
            Column("contact_id", ID, required=True),
            Column("updated_at", TIMESTAMP, required=True),
            Column("created_at", TIMESTAMP),
            Column("email", EMAIL),
            Column("phone", PHONE),
            Column("first_name", TEXT),
            Column("last_name", TEXT),
            Column("birth_date", DATE),
            Column("gender", TEXT),
            Column("postal_code", TEXT),
            Column("city", TEXT),
            Column("country", TEXT),
            Column("language", TEXT),
            Column("loyalty_id", ID),
            Column("loyalty_tier", TEXT),
            Column("acquisition_source", TEXT),
            Column("is_deleted", BOOLEAN),
            key=("contact_id",),
            ordered_by="updated_at",
            when_removed=Removal("is_deleted", "true", at="updated_at"),
        ),
        _entity(
            "consents",
            Column("contact_id", ID),
            Column("email", EMAIL),
            Column("phone", PHONE),
            Column("channel", TEXT, required=True, allowed=CHANNELS),
            Column("status", TEXT, required=True, allowed=("granted", "withdrawn", "objected")),
            Column("changed_at", TIMESTAMP, required=True),
            Column("purpose", TEXT, allowed=("marketing", "profiling", "open_tracking")),
            Column("origin", TEXT),
            key=("contact_id", "email", "phone", "channel", "purpose", "changed_at", "status"),
            one_of=(("contact_id", "email", "phone"),),
            when_removed=Removal(
                "status",
                "withdrawn",
                at="changed_at",
                unless=("objected",),
                about=("channel", "purpose"),
            ),
        ),
        _entity(
            "products",
            Column("product_id", ID, required=True),
            Column("name", TEXT, required=True),
            Column("category", TEXT, required=True),
            Column("subcategory", TEXT),
            Column("brand", TEXT),
            Column("price", AMOUNT, non_negative=True),
            Column("unit_margin", AMOUNT),
            Column("is_active", BOOLEAN),
            key=("product_id",),
            when_removed=Removal("is_active", "false"),
        ),
        _entity(
            "stores",
            Column("store_id", ID, required=True),
            Column("name", TEXT),
            Column("postal_code", TEXT),
            Column("country", TEXT),
            key=("store_id",),
        ),
        _entity(
            "stock",
            Column("product_id", ID, required=True),
            Column("observed_at", TIMESTAMP, required=True),
            Column("quantity", QUANTITY, required=True),
            Column("store_id", ID),
            key=("product_id", "store_id"),
            ordered_by="observed_at",
            # As of its last observation: a product that comes back may be older than tonight.
            when_removed=Removal("quantity", "0"),
        ),
        _entity(
            "orders",
            Column("order_id", ID, required=True),
            Column("ordered_at", TIMESTAMP, required=True),
            Column("status", TEXT, required=True, allowed=ORDER_STATUSES),
            Column("total_amount", AMOUNT, required=True),
            Column("updated_at", TIMESTAMP),
            Column("cancelled_at", TIMESTAMP),
            Column("channel", TEXT, allowed=ORDER_CHANNELS),
            Column("contact_id", ID),
            Column("email", EMAIL),
            Column("phone", PHONE),
            Column("loyalty_id", ID),
            Column("visitor_id", ID),
            Column("currency", TEXT),
            Column("discount_amount", AMOUNT),
            Column("shipping_amount", AMOUNT, non_negative=True),
            Column("tax_amount", AMOUNT),
            Column("coupon_code", TEXT),
            Column("store_id", ID),
            key=("order_id",),
            ordered_by="updated_at",
            when_removed=Removal("status", "cancelled", at="updated_at", unless=("refunded",)),
        ),
        _entity(
            "order_lines",
            Column("order_id", ID, required=True),
            Column("line_number", INTEGER, required=True),
            Column("product_id", ID, required=True),
            Column("quantity", QUANTITY, required=True),
            Column("unit_price", AMOUNT, required=True, non_negative=True),
            Column("occurred_at", TIMESTAMP),
            Column("discount_amount", AMOUNT),
            key=("order_id", "line_number"),
            when_removed=Removal("quantity", "0"),
        ),
        _entity(
            "web_events",
            Column("event_id", ID, required=True),
            Column("occurred_at", TIMESTAMP, required=True),
            Column("visitor_id", ID, required=True),
            Column("event_name", TEXT, required=True, allowed=WEB_EVENTS),
            Column("session_id", ID),
            Column("contact_id", ID),
            Column("email", EMAIL),
            Column("product_id", ID),
            Column("category", TEXT),
            Column("order_id", ID),
            Column("page", TEXT),
            Column("source", TEXT),
            Column("medium", TEXT),
            Column("campaign", TEXT),
            Column("device", TEXT),
            Column("consent_state", TEXT, allowed=("granted", "denied")),
            key=("event_id",),
        ),
        _entity(
            "campaigns",
            Column("campaign_id", ID, required=True),
            Column("name", TEXT, required=True),
            Column("channel", TEXT, required=True, allowed=CHANNELS),
            Column("starts_at", TIMESTAMP, may_be_future=True),
            Column("ends_at", TIMESTAMP, may_be_future=True),
            Column("theme", TEXT),
            Column("category", TEXT),
            Column("offer_type", TEXT),
            Column("offer_rate", RATE, non_negative=True),
            Column("coupon_code", TEXT),
            Column("cost_per_contact", AMOUNT, non_negative=True),
            Column("capacity", INTEGER, non_negative=True),
            Column("audience", TEXT, allowed=("chosen", "everyone")),
            Column("status", TEXT),
            key=("campaign_id",),
            when_removed=Removal("ends_at"),
        ),
        _entity(
            "campaign_aliases",
            Column("campaign_id", ID, required=True),
            Column("alias", TEXT, required=True),
            key=("campaign_id", "alias"),
        ),
        _entity(
            "campaign_sends",
            Column("campaign_id", ID, required=True),
            Column("contact_id", ID),
            Column("email", EMAIL),
            Column("sent_at", TIMESTAMP, required=True),
            Column("send_id", ID),
            Column("arm", TEXT),
            Column("assignment_probability", RATE, non_negative=True),
            Column("variant", TEXT),
            key=("campaign_id", "contact_id", "email", "sent_at", "send_id"),
            one_of=(("contact_id", "email"),),
        ),
        _entity(
            "campaign_events",
            Column("campaign_id", ID),
            Column("send_id", ID),
            Column("contact_id", ID),
            Column("email", EMAIL),
            Column("event_name", TEXT, required=True, allowed=CAMPAIGN_EVENTS),
            Column("occurred_at", TIMESTAMP, required=True),
            Column("is_machine", BOOLEAN),
            key=("campaign_id", "send_id", "contact_id", "email", "event_name", "occurred_at"),
            one_of=(("campaign_id", "send_id"), ("contact_id", "email", "send_id")),
        ),
        _entity(
            "subscriptions",
            Column("subscription_id", ID, required=True),
            Column("contact_id", ID),
            Column("email", EMAIL),
            Column("plan", TEXT),
            Column("trial_started_at", TIMESTAMP),
            Column("trial_ends_at", TIMESTAMP, may_be_future=True),
            Column("converted_at", TIMESTAMP),
            Column("cancelled_at", TIMESTAMP, may_be_future=True),
            Column("monthly_amount", AMOUNT, non_negative=True),
            key=("subscription_id",),
            one_of=(("contact_id", "email"),),
            when_removed=Removal("cancelled_at"),
        ),
        _entity(
            "attributes",
            Column("contact_id", ID),
            Column("email", EMAIL),
            Column("hashed_email", ID),
            Column("name", TEXT, required=True),
            Column("value", TEXT, required=True),
            Column("observed_at", TIMESTAMP, required=True),
            Column("provider", TEXT),
            key=("contact_id", "email", "hashed_email", "name", "provider"),
            one_of=(("contact_id", "email", "hashed_email"),),
            ordered_by="observed_at",
        ),
        _entity(
            "exclusions",
            Column("email", EMAIL),
            Column("phone", PHONE),
            Column("contact_id", ID),
            Column("reason", TEXT, required=True, allowed=("staff", "seed", "litigation", "vip")),
            Column("until", DATE, may_be_future=True),
            key=("email", "phone", "contact_id", "reason"),
            one_of=(("email", "phone", "contact_id"),),
            when_removed=Removal("until"),
        ),
        _entity(
            "exchange_rates",
            Column("currency", TEXT, required=True),
            Column("date", DATE, required=True),
            Column("rate", RATE, required=True, non_negative=True),
            key=("currency", "date"),
        ),
        _entity(
            "erasure_requests",
            Column("contact_id", ID),
            Column("email", EMAIL),
            Column("requested_at", TIMESTAMP, required=True),
            key=("contact_id", "email", "requested_at"),
            one_of=(("contact_id", "email"),),
        ),
    )
}
