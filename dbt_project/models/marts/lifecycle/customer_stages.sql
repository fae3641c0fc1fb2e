with map as (
    select profile_id, customer_id from {{ ref('identity_map') }} where as_of = {{ as_of() }}
),

customers as (
    select distinct customer_id from map
),

thresholds as (
    select * from {{ ref('lifecycle_thresholds') }} where as_of = {{ as_of() }}
),

last_purchases as (
    select
        purchases.customer_id,
        purchases.order_band,
        purchases.channel_group,
        {{ days_between('purchases.ordered_date', as_of()) }} as recency_days,
        thresholds.at_risk_after_days,
        thresholds.lapsed_after_days,
        coalesce(purchases.previous_gap_days > earlier.lapsed_after_days, false) as has_come_back
    from {{ ref('purchase_gaps') }} as purchases
    inner join thresholds
        on thresholds.order_band = purchases.order_band
        and thresholds.channel_group = purchases.channel_group
    left join thresholds as earlier
        on earlier.order_band = purchases.previous_band
        and earlier.channel_group = purchases.channel_group
    where purchases.next_date is null
),

subscriptions as (
    select
        map.customer_id,
        subscriptions.converted_at < {{ shop_midnight(as_of()) }} as is_converted,
        {{ shop_date('subscriptions.trial_started_at') }} as trial_date
    from {{ ref('subscription_history') }} as subscriptions
    inner join map on map.profile_id = subscriptions.profile_id
    where {{ known_at('subscriptions') }}
        and least(subscriptions.trial_started_at, subscriptions.converted_at)
            < {{ shop_midnight(as_of()) }}
        and coalesce(subscriptions.cancelled_at >= {{ shop_midnight(as_of()) }}, true)
        and (
            subscriptions.converted_at < {{ shop_midnight(as_of()) }}
            or coalesce(subscriptions.trial_ends_at >= {{ shop_midnight(as_of()) }}, true)
        )
),

subscribers as (
    select
        customer_id,
        bool_or(coalesce(is_converted, false)) as is_converted,
        max(trial_date) as trial_date
    from subscriptions
    group by 1
),

{# Of the subscribers, who has come or bought lately. #}
active as (
    select map.customer_id
    from {{ ref('web_visits') }} as visits
    inner join map on map.profile_id = visits.profile_id
    where map.customer_id in (select customer_id from subscribers)
        and visits.events_count > 0
        and visits.known_from_date <= {{ cut() }}
        and {{ in_window('visits.visit_date', as_of(), var('drifting_days')) }}
    union
    select customer_id
    from {{ ref('orders') }}
    where customer_id in (select customer_id from subscribers)
        and {{ in_window('ordered_date', as_of(), var('drifting_days')) }}
)

select
    {{ as_of() }} as as_of,
    customers.customer_id,
    case
        when last_purchases.customer_id is null then 'lead'
        when last_purchases.recency_days > last_purchases.lapsed_after_days then 'lapsed'
        when last_purchases.recency_days > last_purchases.at_risk_after_days then 'at_risk'
        when last_purchases.order_band = 'one' then 'first_time'
        when last_purchases.has_come_back then 'won_back'
        else 'active'
    end as lifecycle_stage,
    last_purchases.order_band,
    last_purchases.channel_group,
    last_purchases.recency_days,
    last_purchases.at_risk_after_days,
    last_purchases.lapsed_after_days,
    case
        when subscribers.customer_id is null then null
        when subscribers.is_converted then 'converted'
        when active.customer_id is null
            and subscribers.trial_date < {{ as_of() }} - {{ var('drifting_days') }} then 'drifting'
        else 'trial_started'
    end as subscription_stage
from customers
left join last_purchases on last_purchases.customer_id = customers.customer_id
left join subscribers on subscribers.customer_id = customers.customer_id
left join active on active.customer_id = customers.customer_id
