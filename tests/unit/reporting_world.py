# ruff: noqa: E501  (rows read best on one line)
"""A published file with plausible rows, for the tests of the report."""

from datetime import date
from pathlib import Path

import duckdb

from pipelines import catalog

NIGHT = date(2026, 1, 5)
PLANTED = "jeanne.martin@exemple.fr"

_MARTS = f"""
create schema if not exists marts;
create table marts.customer_360 as
select date '{NIGHT}' as as_of, 'c_' || i as customer_id, (i % 7)::bigint as orders_count,
    (i % 3)::bigint as orders_count_365d, (i % 3 * 41.5)::decimal(18, 4) as net_revenue_365d_amount,
    case i % 10 when 0 then 'first_time' when 1 then 'first_time' when 2 then 'at_risk'
        when 3 then 'at_risk' when 4 then 'lapsed' when 5 then 'lapsed' when 6 then 'lapsed'
        when 7 then 'lead' else 'active' end as lifecycle_stage,
    i % 4 > 0 as is_contactable_email, 'Jeanne' as first_name
from range(4000) t (i);
create table marts.contact_points as
select date '{NIGHT}' as as_of, md5(channel || i) as contact_point_id, channel,
    '{PLANTED}' as address, 'c_' || i as customer_id,
    blocked_reason is null as is_contactable, blocked_reason
from (
    select i, channel, case when i % 4 = 0 then 'no_consent' when i % 50 = 1 then 'withdrawn'
        when i % 97 = 2 then 'suppressed_unsubscribe' when i % 400 = 3 then 'excluded_staff'
        when i % 211 = 5 then 'objected' end as blocked_reason
    from range(4000) t (i), (values ('email'), ('sms')) c (channel)
    where channel = 'email' or i % 3 = 0
);
create table marts.contact_base_summary as
select date '{NIGHT}' as as_of, *, round(points_count / of_points_count, 4) as points_rate from (values
    ('email', 'contactable', 2960, 4000), ('sms', 'contactable', 667, 1334),
    ('email', 'consent_granted', 2960, 4000), ('sms', 'consent_granted', 667, 1334),
    ('email', 'consent_unknown', 1000, 4000), ('sms', 'consent_unknown', 334, 1334),
    ('email', 'messages_91d_no_reaction', 80, 4000), ('sms', 'messages_91d_no_reaction', 90, 1334),
    ('email', 'bounced', 12, 4000), ('sms', 'bounced', 0, 1334),
    ('email', 'disposable', 0, 4000), ('sms', 'disposable', 0, 1334)
) s (channel, measure, points_count, of_points_count);
create table marts.contact_base_advice as
select date '{NIGHT}' as as_of, * replace (value_amount::decimal(18, 4) as value_amount) from (values
    ('enrich', 'web', 'birth_date', 250, null, null, 41000, 1), ('enrich', 'store', 'phone', 90, null, null, 9000, 2),
    ('enrich', 'store', 'birth_date', 20, null, null, 4000, 3), ('enrich', 'app', 'gender', 4, null, null, 300, 4),
    ('ask_consent', 'store', 'S01', 40, null, null, 5000, 1), ('ask_consent', 'store', 'S02', 3, null, null, 500, 2),
    ('ask_consent', 'store', 'S03', 4, null, null, 200, 3), ('reach_otherwise', 'post', 'no_email', 31, null, null, 800, 1),
    ('stop_mailing', 'email', 'no_reaction', 119, 120, 400, 8, 1), ('stop_mailing', 'email', 'bounced', 2, 2, 3, 0.06, 2)
) a (kind, channel, item, people_count, points_count, messages_count, value_amount, rank);
create table marts.freshness as
select date '{NIGHT}' as as_of, * from (values
    ('contacts', date '{NIGHT}', 4000, 0), ('orders', date '{NIGHT}', 15210, 0),
    ('order_lines', date '{NIGHT}', 30455, 0), ('web_events', date '2026-01-02', 50112, 3),
    ('campaigns', date '{NIGHT}', 9, 0), ('campaign_sends', date '{NIGHT}', 21000, 0),
    ('consents', date '{NIGHT}', 5120, 0), ('stock', null, 0, null), ('products', date '{NIGHT}', 400, 0),
    ('subscriptions', null, 0, null)
) f (entity, last_extract_date, records_count, age_days);
create table marts.campaigns as
select date '{NIGHT}' as as_of, 'k' || i as campaign_id,
    ['Soldes d’hiver', 'Bienvenue', 'Nouveautés maison', 'Reviens vite', 'Anniversaire',
     'Noël', 'Rentrée', 'Black Friday'][i] as name, 'email' as channel,
    ['sales', 'welcome', 'new', 'winback', 'birthday', 'christmas', 'school', 'sales'][i] as theme,
    timestamp '2025-12-01' as starts_at, timestamp '2026-01-31' as ends_at, i <= 4 as is_active,
    'chosen' as audience
from range(1, 9) t (i);
"""
_PYTHON = f"""
insert into ops.books (source, entity, extract_date, file, records_read, landed, quarantined, refused,
    values_dropped, unknown_columns) values
    ('crm_contacts', 'contacts', date '{NIGHT}', 'crm/contacts.csv', 4012, 4000, 12, 0, 31, 'golf_handicap'),
    ('shop_orders', 'orders', date '{NIGHT}', 'shop/orders.csv', 312, 309, 3, 0, 0, ''),
    ('shop_lines', 'order_lines', date '{NIGHT}', 'shop/lines.csv', 640, 640, 0, 0, 0, ''),
    ('mail_sends', 'campaign_sends', date '{NIGHT}', 'mail/sends.csv', 501, 500, 0, 1, 0, '');
insert into ops.quarantine
select 'crm_contacts', 'contacts', date '{NIGHT}', 'crm/contacts.csv', 10 + i, 'updated_at',
    'not a date: ''{PLANTED}''', '{PLANTED};Jeanne' from range(9) t (i)
union all
select 'crm_contacts', 'contacts', date '{NIGHT}', 'crm/contacts.csv', 90 + i, 'contact_id',
    'missing', '{PLANTED}' from range(3) t (i)
union all
select 'shop_orders', 'orders', date '{NIGHT}', 'shop/orders.csv', 5 + i, 'status',
    'not one of paid, cancelled', 'x' from range(3) t (i);
insert into ml.scores
select date '{NIGHT}', model, 'c_' || i, '', '2026-01-05',
    case model when 'churn' then 1 - (i % 97 / 97.0) ** 2 else (i % 89 / 89.0) ** 3 end,
    null, null, 1 + i % 100, case model when 'churn' then '' else 'naive_rule' end
from range(3000) t (i), (values ('churn'), ('purchase_propensity')) m (model);
insert into ml.evaluations values
    ('churn', 'v2', date '{NIGHT}', 'auc', 0.781, 0.768, 0.794),
    ('churn', 'v2', date '{NIGHT}', 'naive_auc', 0.752, 0.738, 0.766),
    ('churn', 'v2', date '{NIGHT}', 'auc_gain', 0.029, 0.019, 0.039),
    ('churn', 'v2', date '{NIGHT}', 'calibration_ratio', 0.98, null, null),
    ('churn', 'v2', date '{NIGHT}', 'top_decile_lift', 2.4, null, null),
    ('purchase_propensity', 'v2', date '{NIGHT}', 'auc', 0.771, 0.755, 0.787),
    ('purchase_propensity', 'v2', date '{NIGHT}', 'naive_auc', 0.769, 0.754, 0.785),
    ('purchase_propensity', 'v2', date '{NIGHT}', 'auc_gain', 0.002, -0.006, 0.010),
    ('purchase_propensity', 'v2', date '{NIGHT}', 'calibration_ratio', 1.04, null, null),
    ('best_campaign', 'v1', date '{NIGHT}', 'effect_of_a_new_campaign', 0.006, -0.004, 0.016);
insert into activation.decisions
select date '{NIGHT}', 'p' || i, 'email', 'c_' || i, arm, 0.8, reason, 1.5,
    case when reason = 'holdout' then 'holdout' else 'active' end, i % 7 = 0,
    ['new', 'active', 'at_risk', 'lapsed', 'lead'][1 + i % 5]
from (
    select i, case when i % 10 = 0 then 'no_contact' when i % 5 = 1 then 'no_contact'
            when i % 11 < 4 then 'k1' when i % 11 < 6 then 'k3' when i % 11 = 6 then 'k4'
            else 'no_contact' end as arm,
        case when i % 10 = 0 then 'holdout' when i % 5 = 1 then 'cap'
            when i % 11 < 7 and i % 13 = 0 then 'exploration' when i % 11 < 7 then 'best_value'
            else 'no_gain_expected' end as reason
    from range(3000) t (i)
);
insert into activation.candidates
select date '{NIGHT}', 'p' || i, 'c_' || i, 'k' || k, (0.9 - k * 0.2), (0.5 - k * 0.2), i % 9 > 0,
    'less_than_best' from range(3000) t (i), range(1, 5) u (k);
insert into measurement.effects values
    (date '{NIGHT}', 'campaign', 'k6', 'all', 'purchase_rate', 4000, 1000, .062, .048, .014, .002, .026, 'measured'),
    (date '{NIGHT}', 'campaign', 'k7', 'all', 'purchase_rate', 3900, 950, .051, .053, -.002, -.018, .014, 'measured'),
    (date '{NIGHT}', 'campaign', 'k8', 'all', 'purchase_rate', 3000, 0, .080, null, null, null, null, 'no_control'),
    (date '{NIGHT}', 'campaign', 'k1', 'all', 'purchase_rate', 0, 0, null, null, null, null, null, 'too_early'),
    (date '{NIGHT}', 'campaign', 'k2', 'all', 'purchase_rate', 41, 8, .02, 0, null, null, null, 'too_few'),
    (date '{NIGHT}', 'campaign', 'all', 'all', 'purchase_rate', 7900, 1950, .0565, .0505, .006, -.003, .015, 'measured'),
    (date '{NIGHT}', 'campaign', 'all', 'active', 'purchase_rate', 2500, 600, .09, .07, .02, .004, .036, 'measured'),
    (date '{NIGHT}', 'campaign', 'all', 'lapsed', 'purchase_rate', 2700, 650, .02, .018, .002, -.008, .012, 'measured'),
    (date '{NIGHT}', 'theme', 'christmas', 'all', 'purchase_rate', 4000, 1000, .062, .048, .014, .002, .026, 'measured'),
    (date '{NIGHT}', 'campaign', 'k6', 'all', 'revenue_amount', 4000, 1000, 3.10, 2.41, .69, .05, 1.33, 'measured'),
    (date '{NIGHT}', 'decision', 'active_vs_holdout', 'all', 'purchase_rate', 900, 100, .05, .04, .01, -.03, .05, 'measured'),
    (date '{NIGHT}', 'decision', 'policy_vs_no_contact', 'all', 'purchase_rate', 0, 0, null, null, null, null, null, 'too_early');
create table ops.runs (run_id bigint, as_of date, verb varchar, status varchar, started_at timestamp,
    finished_at timestamp, seconds double, rows bigint, facts varchar, error varchar);
insert into ops.runs values
    (1, date '{NIGHT}', 'extract', 'done', now()::timestamp, now()::timestamp, random(), 5449, '{{}}', ''),
    (2, date '{NIGHT}', 'load', 'failed', now()::timestamp, null, random(), 0, '{{}}', 'disk'),
    (3, date '{NIGHT}', 'load', 'done', now()::timestamp, now()::timestamp, random(), 5449, '{{}}', ''),
    (4, date '{NIGHT}', 'measure', 'done', now()::timestamp, now()::timestamp, random(), 12, '{{"measurable_from": "2026-01-19"}}', '');
create table ops.checks (as_of date, door varchar, name varchar, severity varchar, success boolean, observed varchar);
insert into ops.checks values
    (date '{NIGHT}', 'raw.orders', 'keys_are_unique', 'critical', true, '0 keys occur more than once; expected 0'),
    (date '{NIGHT}', 'raw.orders', 'volume_is_usual', 'warning', false, '309 rows; expected at least 320'),
    (date '{NIGHT}', 'ml.scores', 'values_are_probabilities', 'critical', true, '0 of 6000 rows break it; expected 0'),
    (date '{NIGHT}', 'activation.decisions', 'holdout_is_not_contacted', 'critical', true, '0 rows found; expected 0');
"""


def publish(path: Path) -> None:
    """Write the file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(path)) as con:
        for statement in catalog.ddl():
            con.execute(statement)
        con.execute(_MARTS)
        con.execute(_PYTHON)


def publish_empty(path: Path) -> None:
    """The file of a first night that found orders only: every table there, nearly all empty."""
    publish(path)
    with duckdb.connect(str(path)) as con:
        kept = {"freshness"}
        tables = con.execute("select schema_name, table_name from duckdb_tables()").fetchall()
        for schema, table in tables:
            if table not in kept:
                con.execute(f"delete from {schema}.{table}")


CARDS: dict[str, dict[str, object]] = {
    "churn": {
        "model": "churn",
        "kind": "lightgbm",
        "as_of": "2026-01-05",
        "horizon_days": 91,
        "verdict": "promoted",
        "reasons": [],
        "notes": [],
        "rows": 21000,
        "positives": 7100,
        "anchors": ["2025-01-06", "2025-09-15"],
        "naive_rule": "recency_days",
        "gates": [
            {"name": "min_positives", "passed": True, "observed": 7100, "bound": "at least 200"},
            {"name": "min_negatives", "passed": True, "observed": 9100, "bound": "at least 200"},
            {"name": "min_auc_gain", "passed": True, "observed": 0.019, "bound": "more than 0"},
            {"name": "max_auc", "passed": True, "observed": 0.781, "bound": "at most 0.97"},
            {"name": "max_feature_share", "passed": True, "observed": 0.41, "bound": "at most 0.9"},
            {
                "name": "calibration_ratio",
                "passed": True,
                "observed": 0.98,
                "bound": "between 0.8 and 1.25",
            },
            {
                "name": "max_auc_loss_to_champion",
                "passed": True,
                "observed": None,
                "bound": "not worse",
            },
        ],
        "bins": [
            {
                "upper_edge": 0.1 * (i + 1),
                "count": 2100,
                "predicted": 0.05 + 0.1 * i,
                "actual": 0.04 + 0.1 * i + (0.02 if i % 2 else -0.01),
            }
            for i in range(10)
        ],
        "metrics": {
            "auc": {"value": 0.781, "lower": 0.768, "upper": 0.794},
            "naive_auc": {"value": 0.752, "lower": 0.738, "upper": 0.766},
            "auc_gain": {"value": 0.029, "lower": 0.019, "upper": 0.039},
            "top_decile_lift": {"value": 2.4, "lower": None, "upper": None},
            "calibration_ratio": {"value": 0.98, "lower": None, "upper": None},
        },
        "importances": {
            "recency_days": 0.41,
            "orders_count_365d": 0.2,
            "tenure_days": 0.12,
            "visits_count_28d": 0.08,
            "net_revenue_365d_amount": 0.06,
            "opens_count_91d": 0.03,
        },
    },
    "purchase_propensity": {
        "model": "purchase_propensity",
        "kind": "naive_rule",
        "as_of": "2026-01-05",
        "horizon_days": 28,
        "verdict": "baseline",
        "reasons": [],
        "notes": ["stands in for the refused version v2"],
        "rows": 30000,
        "positives": 1900,
        "naive_rule": "-recency_days",
        "gates": [],
        "challenger": {
            "gates": [
                {
                    "name": "min_auc_gain",
                    "passed": False,
                    "observed": -0.006,
                    "bound": "more than 0",
                },
                {"name": "max_auc", "passed": True, "observed": 0.771, "bound": "at most 0.97"},
            ]
        },
        "bins": [
            {
                "upper_edge": 0.05 * (i + 1),
                "count": 3000,
                "predicted": 0.02 + 0.05 * i,
                "actual": 0.02 + 0.048 * i,
            }
            for i in range(6)
        ],
        "metrics": {"auc": {"value": 0.769, "lower": 0.754, "upper": 0.785}},
        "importances": {},
    },
    "best_campaign": {
        "model": "best_campaign",
        "kind": "arm_effects",
        "as_of": "2026-01-05",
        "horizon_days": 14,
        "verdict": "promoted",
        "reasons": [],
        "notes": [],
        "rows": 9850,
        "positives": 480,
        "gates": [
            {"name": "min_treated", "passed": True, "observed": 7900, "bound": "at least 500"},
            {"name": "min_control", "passed": True, "observed": 1950, "bound": "at least 200"},
        ],
        "metrics": {"effect_of_a_new_campaign": {"value": 0.006, "lower": -0.004, "upper": 0.016}},
        "importances": {},
        "bins": [],
    },
}
