"""Checks on the decisions of a night before they replace the partition. `{table}` stands for the
staged rows; the other tables are those of the same transaction."""

from pipelines.decisioning.words import NO_CONTACT, Group
from pipelines.specs.checks import Check, Severity
from pipelines.specs.shop import Contacting

_REQUIRED = (
    "contact_point_id",
    "channel",
    "customer_id",
    "arm",
    "assignment_probability",
    "reason",
    "group_name",
    "is_slot",
)


def _none(name: str, sql: str) -> Check:
    return Check(name, "query_is_empty", Severity.CRITICAL, {"sql": sql})


def decision_checks(rules: Contacting) -> list[Check]:
    """What must hold of staged decisions; the last ones only warn."""
    return [
        Check(
            "each_contact_point_is_decided_once", "unique", args={"columns": ["contact_point_id"]}
        ),
        *(Check(f"{name}_is_filled", "not_null", args={"column": name}) for name in _REQUIRED),
        Check(
            "group_is_known",
            "in_set",
            args={"column": "group_name", "values": [group.value for group in Group]},
        ),
        Check(
            "probability_is_at_most_one",
            "between",
            args={"column": "assignment_probability", "min": 0, "max": 1},
        ),
        _none(
            "probability_is_above_zero",
            "select contact_point_id from {table} where assignment_probability <= 0",
        ),
        *_people(),
        *_campaigns(rules),
        Check(
            "some_are_contacted_and_some_are_not",
            "value_between",
            Severity.WARNING,
            {
                "sql": f"select coalesce(avg((arm = '{NO_CONTACT}')::int), 0) from {{table}}",
                "min": 0.01,
                "max": 0.99,
            },
        ),
    ]


def _people() -> list[Check]:
    """Nobody is contacted who must not be; nobody who may be is forgotten."""
    return [
        _none(
            "no_blocked_contact_point_is_decided",
            "select d.contact_point_id from {table} d left join marts.contact_points p"
            " using (contact_point_id) where p.is_contactable is distinct from true",
        ),
        _none(
            "every_contactable_email_is_decided",
            "select contact_point_id from marts.contact_points where is_contactable"
            " and channel = 'email' and customer_id is not null"
            " and contact_point_id not in (select contact_point_id from {table})",
        ),
        _none(
            "no_held_out_contact_point_is_contacted",
            "select d.contact_point_id from {table} d left join activation.groups g"
            " using (contact_point_id)"
            f" where d.arm <> '{NO_CONTACT}' and g.group_name is distinct from '{Group.ACTIVE}'",
        ),
        _none(
            "no_customer_of_a_held_out_contact_point_is_contacted",
            "select d.contact_point_id from {table} d join marts.contact_points p"
            " using (customer_id) join activation.groups g"
            " on g.contact_point_id = p.contact_point_id"
            f" where d.arm <> '{NO_CONTACT}' and g.group_name = '{Group.HOLDOUT}'",
        ),
        _none(
            "no_customer_is_contacted_twice",
            f"select customer_id from {{table}} where arm <> '{NO_CONTACT}'"
            " group by customer_id having count(*) > 1",
        ),
    ]


def _campaigns(rules: Contacting) -> list[Check]:
    """Arms exist, and their limits and the contact cap are kept."""
    return [
        _none(
            "every_arm_is_an_active_campaign_of_the_channel",
            "select d.contact_point_id from {table} d left join marts.campaigns c"
            " on c.campaign_id = d.arm and c.channel = d.channel and c.is_active"
            f" and c.audience = 'chosen' where d.arm <> '{NO_CONTACT}' and c.campaign_id is null",
        ),
        _none(
            "the_contact_cap_is_kept",
            "select d.contact_point_id from {table} d join marts.contact_points p"
            f" using (contact_point_id) where d.arm <> '{NO_CONTACT}'"
            f" and coalesce(p.messages_in_cap_window, 0) >= {rules.cap_messages}",
        ),
        _none(
            "no_campaign_exceeds_its_capacity",
            "select d.arm from {table} d join marts.campaigns c on c.campaign_id = d.arm"
            " where c.capacity is not null group by d.arm, c.capacity"
            " having count(*) > c.capacity",
        ),
    ]


def candidate_checks() -> list[Check]:
    """What must hold of staged candidates."""
    return [
        Check(
            "each_arm_is_considered_once",
            "unique",
            args={"columns": ["contact_point_id", "arm"]},
        ),
        Check("reason_is_filled", "not_null", args={"column": "reason"}),
        Check("arm_is_filled", "not_null", args={"column": "arm"}),
    ]
