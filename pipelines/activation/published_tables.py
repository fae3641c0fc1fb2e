"""The tables of the analysts' file: where each comes from, how far back it goes, in which order."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from pipelines.activation import pseudonym
from pipelines.activation.comments import COLUMNS
from pipelines.specs.night import Night
from pipelines.specs.shop import Amounts


@dataclass(frozen=True, slots=True)
class Published:
    """One table of the file, `name` being `<schema>.<table>`. `query`: where its rows come from
    (the table of that name in the warehouse, when empty); `where` keeps what is published of it;
    `order_by` is total (all columns when empty), so that the same night gives the same rows in the
    same order; `comments` describe columns that bring none along."""

    name: str
    order_by: tuple[str, ...] = ()
    where: str = "true"
    without: tuple[str, ...] = ()
    query: str = ""
    comments: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "query", self.query or f"from {self.name}")
        object.__setattr__(self, "comments", self.comments or COLUMNS.get(self.name, {}))


# Somebody who objects to profiling was known by that id then: no score of theirs is shown.
_OBJECTS = (
    "exists (from (select customer_id as objector, valid_from_date, valid_until_date"
    " from marts.profiling_objections) where objector = customer_id"
    " and as_of >= valid_from_date and as_of < valid_until_date)"
)


def tables(night: Night) -> tuple[Published, ...]:
    """Every table but customer_360 and the ledger's. Tables that grow by a partition every night
    are cut to the retention of the shop, so that publishing costs the same in the third year."""
    keep = night.shop.retention
    today = f"date '{night.as_of}'"
    candidates = _since(night.as_of, keep.candidate_nights)
    months = _since(night.as_of, 31 * keep.timeline_months)
    return (
        Published("marts.orders", ("order_id",), comments=_amounts(night.shop.amounts)),
        Published("marts.order_lines", ("order_id", "line_number")),
        Published("marts.campaigns", ("campaign_id",)),
        Published("marts.contact_points", ("contact_point_id",)),
        *_contact_base(night),
        Published("marts.freshness"),
        Published("marts.stock_levels", ("product_id", "store_id")),
        *_journeys(night, months),
        Published(
            "ml.scores",
            ("as_of", "model", "item_id", "customer_id"),
            f"as_of > {_since(night.as_of, keep.snapshot_nights)} and as_of <= {today}"
            f" and not {_OBJECTS}",
        ),
        Published("ml.evaluations", ("model", "version", "metric"), f"as_of <= {today}"),
        Published(
            "activation.decisions",
            ("as_of", "contact_point_id"),
            # Only a decision in its slot counts, so those are kept as long as the timeline.
            f"as_of <= {today} and (as_of > {candidates} or is_slot and as_of > {months})",
            query=f"select * replace (case when {_OBJECTS} then null else expected_value end"
            " as expected_value) from activation.decisions",
        ),
        Published(
            "activation.candidates",
            ("as_of", "contact_point_id", "arm"),
            f"as_of > {candidates} and as_of <= {today} and not {_OBJECTS}",
        ),
        Published(
            "measurement.effects",
            ("as_of", "kind", "item_id", "segment", "outcome"),
            f"as_of > {months} and as_of <= {today}",
        ),
        Published("ops.books", (), f"extract_date > {months} and extract_date <= {today}"),
        Published(
            "ops.quarantine",
            (),
            f"extract_date > {months} and extract_date <= {today}",
            without=("record",),
        ),
    )


def _contact_base(night: Night) -> tuple[Published, ...]:
    """Whom the shop may write to, what it knows of them and how good that is."""
    attributes, comments = "", {}
    if night.shop.publishing.addresses == "pseudonymised":
        attributes = pseudonym.attributes_sql("marts.customer_attributes")
        comments = {
            "value": "The value, as text. NULL where it may tell who somebody is: names, addresses,"
            " loyalty cards; of surveys and further columns of contacts what fewer than five"
            " customers share, other than short numbers."
        }
    return (
        Published("marts.consent_status", ("contact_point_id", "purpose")),
        Published("marts.suppressions"),
        Published("marts.contact_point_quality", ("contact_point_id",)),
        Published("marts.contact_base_summary", ("channel", "measure")),
        Published("marts.contact_base_advice", ("kind", "rank")),
        Published(
            "marts.customer_attributes",
            ("customer_id", "attribute"),
            query=attributes,
            comments=comments,
        ),
        Published("marts.declared_and_observed", ("customer_id", "topic")),
    )


def _journeys(night: Night, months: str) -> tuple[Published, ...]:
    """What customers did, event by event and summed up; events of the last months only."""
    until = f"date '{night.as_of}'"
    return (
        Published(
            "marts.customer_timeline", ("occurred_at", "event_key"), f"event_date > {months}"
        ),
        Published(
            "marts.web_sessions",
            ("started_at", "session_key"),
            f"session_date > {months} and session_date < {until}",
            query=_sessions(night),
            comments={"customer_id": "Whose browser it is, as of tonight. NULL: nobody known."},
        ),
        Published("marts.purchase_journeys", ("ordered_at", "order_id")),
        Published("marts.cross_channel_customers", ("customer_id",)),
        Published("marts.cross_channel_categories", ("month", "category", "store_id")),
        Published("marts.cross_channel_funnel", ("month", "step_number")),
        Published("marts.product_affinity", ("customer_id", "rank")),
        Published(
            "marts.customer_lifecycle",
            ("customer_id", "track", "since_as_of"),
            f"since_as_of <= {until}",
        ),
        Published(
            "marts.lifecycle_thresholds",
            ("as_of", "order_band", "channel_group"),
            f"as_of > {months} and as_of <= {until}",
        ),
    )


def _sessions(night: Night) -> str:
    """Sessions with the customer that the browser belongs to as of that night."""
    return (
        "select sessions.*, map.customer_id from marts.web_sessions sessions"
        " left join identity.identity_history map on map.profile_id = sessions.profile_id"
        f" and map.valid_from_date <= date '{night.as_of}'"
        f" and map.valid_until_date > date '{night.as_of}'"
        f" and map.known_from_date <= date '{night.cut}'"
        f" and map.known_until_date > date '{night.cut}'"
    )


def _amounts(amounts: Amounts) -> dict[str, str]:
    """What the shop says that an order's total includes."""
    tax = "tax included" if amounts.includes_tax else "without tax"
    shipping = "shipping included" if amounts.includes_shipping else "without shipping"
    told = f"Total of the order in the shop's currency, {tax}, {shipping}; NULL without a rate."
    return {"total_amount": told}


def _since(as_of: date, days: int) -> str:
    """The day before the first of the last `days` nights, as SQL."""
    return f"date '{as_of - timedelta(days=days)}'"


_DECISION = {
    "decision_channel": "Channel of the contact point of tonight's decision; NULL: no decision.",
    "decision_arm": "Tonight's decision for this customer: a campaign_id or no_contact.",
    "decision_reason": "Why that arm was chosen (reason code).",
    "decision_is_slot": "True when tonight is the slot in which the decision counts.",
}


def customer_360(night: Night) -> Published:
    """marts.customer_360 with the latest scores and tonight's decision, one row per customer."""
    models = sorted(name for name, m in night.models.items() if m.trainer == "lightgbm")
    columns = [
        column
        for m in models
        for column in (
            f"{m}.value as {m}_score",
            f"{m}.percentile as {m}_percentile",
            f"{m}.as_of as {m}_as_of",
        )
    ]
    columns += [f"decision.{name.removeprefix('decision_')} as {name}" for name in _DECISION]
    ctes = [f"{m} as ({_latest_scores(night, m)})" for m in models]
    ctes += [f"decision as ({_tonights_decision(night)})"]
    joins = [f"left join {cte} using (customer_id)" for cte in (*models, "decision")]
    query = (
        f"with {', '.join(ctes)} select c.*, {', '.join(columns)} from marts.customer_360 c"
        f" {' '.join(joins)}"
    )
    added = {name: text for m in models for name, text in _score_comments(m).items()} | _DECISION
    return Published("marts.customer_360", ("customer_id",), query=query, comments=added)


def _score_comments(model: str) -> dict[str, str]:
    return {
        f"{model}_score": f"Latest {model} score, 0 to 1; NULL: not in the model's population.",
        f"{model}_percentile": f"Rank of the latest {model} score, 1 to 100 (highest).",
        f"{model}_as_of": f"Night of the latest {model} score: its age.",
    }


def _latest_scores(night: Night, model: str) -> str:
    first = _since(night.as_of, night.shop.retention.snapshot_nights)
    of_model = (
        f"model = '{model}' and item_id = '' and as_of > {first} and as_of <= date '{night.as_of}'"
        f" and not {_OBJECTS}"
    )
    return (
        f"select customer_id, value, percentile, as_of from ml.scores where {of_model}"
        f" and as_of = (select max(as_of) from ml.scores where {of_model})"
    )


def _tonights_decision(night: Night) -> str:
    """Of a customer's contact points: the one whose slot it is, then one with a campaign, then
    e-mail, then the smallest id."""
    return (
        "select customer_id, channel, arm, reason, is_slot from activation.decisions"
        f" where as_of = date '{night.as_of}' qualify row_number() over (partition by customer_id"
        " order by is_slot desc, arm = 'no_contact', channel = 'email' desc, contact_point_id) = 1"
    )
