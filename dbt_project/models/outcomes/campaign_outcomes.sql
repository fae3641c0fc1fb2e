with map as (
    select profile_id, customer_id from {{ ref('identity_map') }} where as_of = {{ as_of() }}
),

sends as (
    select sends.*, map.customer_id
    from {{ ref('campaign_contacts') }} as sends
    left join map on map.profile_id = sends.profile_id
    where sends.known_from_date <= {{ cut() }} and sends.sent_date < {{ as_of() }}
),

kept as (
    select customer_id, ordered_at, ordered_date, net_amount
    from {{ ref('orders') }}
    where is_kept and customer_id is not null
),

{# Each order counts for the contact point as randomised, whether or not the message was read. #}
orders_after as (
    select
        sends.send_key,
        count(*) as orders_count,
        sum(kept.net_amount) as revenue_amount
    from sends
    inner join kept
        on kept.customer_id = sends.customer_id
        and kept.ordered_at >= sends.sent_at
        and {{ in_horizon('kept.ordered_date', 'sends.sent_date', var('outcome_days')) }}
    group by 1
),

orders_before as (
    select
        sends.send_key,
        count(*) as orders_count,
        min(kept.ordered_date) as first_order_date,
        max(kept.ordered_date) as last_order_date
    from sends
    inner join kept
        on kept.customer_id = sends.customer_id and kept.ordered_at < sends.sent_at
    group by 1
),

answers as (
    select
        sends.send_key,
        count(*) filter (where answers.event_name = 'open') as opens_count,
        count(*) filter (where answers.event_name = 'click') as clicks_count
    from sends
    inner join {{ ref('campaign_answers') }} as answers
        on answers.campaign_id = sends.campaign_id
        and answers.contact_point_id = sends.contact_point_id
        and coalesce(answers.send_id = sends.send_id, true)
    where not answers.is_machine
        and answers.known_from_date <= {{ cut() }}
        and answers.occurred_at >= sends.sent_at
        and {{ in_horizon('answers.occurred_date', 'sends.sent_date', var('outcome_days')) }}
        and answers.occurred_date < {{ as_of() }}
    group by 1
)

select
    {{ as_of() }} as as_of,
    sends.send_key,
    sends.campaign_id,
    campaigns.theme,
    campaigns.category,
    campaigns.offer_type,
    sends.channel,
    sends.contact_point_id,
    sends.customer_id,
    sends.sent_at,
    sends.sent_date,
    sends.arm,
    sends.is_treated,
    sends.assignment_probability,
    {{ segment(
        'orders_before.orders_count', 'orders_before.first_order_date',
        'orders_before.last_order_date', 'sends.sent_date'
    ) }} as segment,
    sends.sent_date + {{ var('outcome_days') }} <= {{ as_of() }} as is_matured,
    cast(coalesce(orders_after.orders_count, 0) > 0 as integer) as purchased,
    cast(coalesce(orders_after.revenue_amount, 0) as decimal(18, 4)) as revenue_amount,
    cast(coalesce(answers.opens_count, 0) > 0 as integer) as opened,
    cast(coalesce(answers.clicks_count, 0) > 0 as integer) as clicked
from sends
left join {{ ref('campaigns') }} as campaigns on campaigns.campaign_id = sends.campaign_id
left join orders_before on orders_before.send_key = sends.send_key
left join orders_after on orders_after.send_key = sends.send_key
left join answers on answers.send_key = sends.send_key
