{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_changed('customer_id', 'changed_customers') }}",
) }}
{# Orders of one day are one purchase. #}
with kept as (
    select customer_id, ordered_date, channel
    from {{ ref('order_states') }}
    where is_kept and customer_id in (select customer_id from {{ ref('changed_customers') }})
),

per_group as (
    select customer_id, {{ channel_group('channel') }} as channel_group, count(*) as orders_count
    from kept
    group by 1, 2
),

main_channels as (
    select
        customer_id,
        max_by(channel_group, {{ row_order(['orders_count', 'channel_group']) }}) as channel_group
    from per_group
    group by 1
),

order_days as (
    select
        customer_id,
        ordered_date,
        row_number() over purchases as order_days_count,
        min(ordered_date) over (partition by customer_id) as first_date,
        lead(ordered_date) over purchases as next_date
    from (select distinct customer_id, ordered_date from kept) as days
    window purchases as (partition by customer_id order by ordered_date)
),

gaps as (
    select
        order_days.customer_id,
        order_days.ordered_date,
        order_days.order_days_count,
        {{ order_band(
            'order_days.order_days_count', 'order_days.first_date', 'order_days.ordered_date'
        ) }} as order_band,
        main_channels.channel_group,
        order_days.next_date,
        {{ days_between('order_days.ordered_date', 'order_days.next_date') }} as gap_days
    from order_days
    inner join main_channels on main_channels.customer_id = order_days.customer_id
)

select
    {{ as_of() }} as as_of,
    {{ cut() }} as extract_cut,
    *,
    lag(order_band) over (partition by customer_id order by ordered_date) as previous_band,
    lag(gap_days) over (partition by customer_id order by ordered_date) as previous_gap_days
from gaps
