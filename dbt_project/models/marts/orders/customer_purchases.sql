{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_changed('customer_id', 'changed_customers') }}",
) }}
with orders as (
    select *
    from {{ ref('order_states') }}
    where is_kept and customer_id in (select customer_id from {{ ref('changed_customers') }})
),

per_channel as (
    select customer_id, channel, count(*) as orders_count
    from orders
    where channel is not null
    group by 1, 2
),

channels as (
    select
        customer_id,
        max_by(channel, {{ row_order(['orders_count', 'channel']) }}) as main_channel,
        {{ share('max(orders_count)', 'sum(orders_count)') }} as main_channel_rate
    from per_channel
    group by 1
),

per_category as (
    select customer_id, category, count(*) as lines_count
    from {{ ref('order_line_states') }}
    where is_kept
        and not is_return
        and category is not null
        and customer_id in (select customer_id from {{ ref('changed_customers') }})
    group by 1, 2
),

categories as (
    select
        customer_id,
        max_by(category, {{ row_order(['lines_count', 'category']) }}) as favourite_category,
        {{ share('max(lines_count)', 'sum(lines_count)') }} as favourite_category_rate
    from per_category
    group by 1
),

totals as (
    select
        customer_id,
        count(*) as orders_count,
        min(ordered_at) as first_order_at,
        max(ordered_at) as last_order_at,
        min(ordered_date) as first_order_date,
        max(ordered_date) as last_order_date,
        max_by(order_id, {{ row_order(['ordered_at', 'order_id']) }}) as last_order_id,
        sum(net_amount) as net_revenue_amount,
        count(*) filter (where returned_amount > 0) as returns_count,
        bool_or(channel is distinct from 'marketplace') as has_bought_before
    from orders
    group by 1
),

gaps as (
    select customer_id, {{ gap_sums() }}
    from {{ ref('purchase_gaps') }}
    where customer_id in (select customer_id from {{ ref('changed_customers') }})
    group by 1
)

select
    {{ as_of() }} as as_of,
    {{ cut() }} as extract_cut,
    totals.customer_id,
    totals.orders_count,
    totals.first_order_at,
    totals.last_order_at,
    totals.first_order_date,
    totals.last_order_date,
    gaps.gaps_count,
    gaps.gaps_days,
    gaps.gaps_squared_days,
    last_orders.channel as last_channel,
    last_orders.store_id as last_store_id,
    cast(totals.net_revenue_amount as decimal(18, 4)) as net_revenue_amount,
    totals.returns_count,
    channels.main_channel,
    channels.main_channel_rate,
    categories.favourite_category,
    categories.favourite_category_rate,
    totals.has_bought_before
from totals
inner join orders as last_orders on last_orders.order_id = totals.last_order_id
inner join gaps on gaps.customer_id = totals.customer_id
left join channels on channels.customer_id = totals.customer_id
left join categories on categories.customer_id = totals.customer_id
