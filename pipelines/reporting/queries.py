"""The questions asked of the published file, by name. Every answer has a total order, and sums are
of integers and decimals, so that the same tables give the same page."""

SCALARS = {
    "customers": "select count(*) from marts.customer_360",
    "buyers": "select count(*) from marts.customer_360 where orders_count_365d > 0",
    "revenue": "select coalesce(sum(net_revenue_365d_amount), 0) from marts.customer_360",
    "contactable": """
        select count(distinct customer_id) from marts.contact_points where is_contactable
    """,
    "decisions": "select count(*) from activation.decisions where as_of = $as_of",
    "in_slot": "select count(*) from activation.decisions where as_of = $as_of and is_slot",
    "chosen": """
        select count(*) from activation.decisions
        where as_of = $as_of and is_slot and arm <> 'no_contact'
    """,
    "held_out": """
        select count(*) from activation.decisions
        where as_of = $as_of and is_slot and group_name <> 'active'
    """,
    "active_campaigns": "select count(*) from marts.campaigns where is_active",
    "measurable_from": """
        select max(facts ->> 'measurable_from') from ops.runs
        where as_of = $as_of and verb = 'measure' and status = 'done'
    """,
}

QUERIES = {
    "books": """
        select source, entity, count(*) as files, sum(records_read)::bigint as records_read,
               sum(landed)::bigint as landed, sum(quarantined)::bigint as quarantined,
               sum(refused)::bigint as refused,
               coalesce(sum(set_aside), 0)::bigint as left_out,
               coalesce(sum(added), 0)::bigint as added,
               sum(values_dropped)::bigint as values_dropped,
               string_agg(distinct unknown_columns, ', ' order by unknown_columns)
                   filter (where unknown_columns <> '') as unknown_columns
        from ops.books where extract_date = $as_of group by all order by source, entity
    """,
    "freshness": """
        select entity, last_extract_date, records_count, age_days
        from marts.freshness order by entity
    """,
    "quarantine": """
        select source, entity, coalesce(column_name, '') as column_name, reason,
               count(*) as records
        from ops.quarantine where extract_date = $as_of
        group by all order by records desc, source, entity, column_name, reason limit 25
    """,
    "lifecycle": """
        select lifecycle_stage as stage, count(*) as customers,
               sum(net_revenue_365d_amount) as revenue,
               count(*) filter (where is_contactable_email) as contactable
        from marts.customer_360 group by lifecycle_stage
        order by array_position(
            ['lead', 'first_time', 'active', 'won_back', 'at_risk', 'lapsed'], lifecycle_stage
        ), lifecycle_stage
    """,
    "blocked": """
        select channel, coalesce(blocked_reason, '') as reason, count(*) as contact_points
        from marts.contact_points group by all order by channel, contact_points desc, reason
    """,
    "base": """
        select channel, measure, points_count, of_points_count, points_rate
        from marts.contact_base_summary order by channel, measure
    """,
    # Stores with few buyers are told together, and nothing is told of fewer than five.
    "base_advice": """
        select kind, channel,
               case when kind <> 'ask_consent' or people_count >= 5 then item else '' end as item,
               sum(people_count)::bigint as people_count,
               sum(points_count)::bigint as points_count,
               sum(messages_count)::bigint as messages_count,
               sum(value_amount) as value_amount
        from marts.contact_base_advice group by all
        having coalesce(sum(points_count), sum(people_count)) >= 5
        order by kind, value_amount desc nulls last, people_count desc, channel, item
    """,
    "scores": """
        select model, least(floor(value * 20), 19)::integer as bin, count(*) as customers,
               count(*) filter (where flag = 'naive_rule') as naive
        from ml.scores where as_of = $as_of and item_id = '' and value is not null
        group by all order by model, bin
    """,
    "evaluations": """
        select model, version, as_of, metric, value, lower, upper from ml.evaluations
        qualify as_of = max(as_of) over (partition by model)
            and version = max(version) over (partition by model, as_of)
        order by model, metric
    """,
    "campaigns": """
        select campaign_id, name, channel, theme, starts_at, ends_at, is_active, audience
        from marts.campaigns order by campaign_id
    """,
    "arms": """
        select arm, reason, count(*) as decisions, count(*) filter (where is_slot) as in_slot
        from activation.decisions where as_of = $as_of
        group by all order by arm, decisions desc, reason
    """,
    "segments": """
        select coalesce(segment, '') as segment, arm, count(*) as decisions
        from activation.decisions where as_of = $as_of and is_slot
        group by all order by segment, arm
    """,
    "candidates": """
        select arm, count(*) as considered, count(*) filter (where is_eligible) as eligible,
               sum(value::decimal(18, 4))::double / count(value) as value,
               sum(lower::decimal(18, 4))::double / count(lower) as lower
        from activation.candidates where as_of = $as_of and arm <> 'no_contact'
        group by all order by arm
    """,
    "effects": """
        select kind, item_id, segment, outcome, treated_count, control_count, treated_mean,
               control_mean, effect, lower, upper, status
        from measurement.effects where as_of = $as_of
        order by kind, item_id, segment, outcome
    """,
    "runs": """
        select verb, rows from ops.runs where as_of = $as_of and status = 'done'
        qualify row_number() over (partition by verb order by run_id desc) = 1
        order by array_position(['extract', 'load', 'transform', 'snapshot', 'label', 'train',
            'score', 'decide', 'measure', 'publish', 'export', 'deliver', 'report'], verb)
    """,
    "checks": """
        select door, name, severity, success, observed from ops.checks
        where as_of = $as_of order by door, name
    """,
}
