with kept as (
    select as_of, customer_id, ordered_date, net_amount
    from {{ ref('customer_orders') }}
    where is_kept
),

totals as (
    select
        as_of,
        customer_id,
        min(ordered_date) as first_order_date,
        max(ordered_date) as last_order_date,
        count(*) as orders_count,
        count(*) filter (where {{ in_window('ordered_date', 'as_of', 28) }}) as orders_count_28d,
        count(*) filter (where {{ in_window('ordered_date', 'as_of', 91) }}) as orders_count_91d,
        count(*) filter (where {{ in_window('ordered_date', 'as_of', 365) }}) as orders_count_365d,
        sum(net_amount) as net_revenue_amount,
        sum(net_amount) filter (where {{ in_window('ordered_date', 'as_of', 91) }})
            as net_revenue_91d_amount,
        sum(net_amount) filter (where {{ in_window('ordered_date', 'as_of', 365) }})
            as net_revenue_365d_amount,
        max(net_amount) filter (where {{ in_window('ordered_date', 'as_of', 365) }})
            as max_order_365d_amount
    from kept
    group by 1, 2
),

{# Days with an order and the gaps between them. Sums stay integers and are divided once, so that
   the same rows give the same bytes whatever the threads do. #}
order_days as (
    select distinct as_of, customer_id, ordered_date from kept
),

gaps as (
    select
        as_of,
        customer_id,
        {{ days_between(
            'lag(ordered_date) over (partition by as_of, customer_id order by ordered_date)',
            'ordered_date'
        ) }} as gap_days
    from order_days
),

gap_sums as (
    select
        as_of,
        customer_id,
        count(gap_days) as gaps_count,
        sum(gap_days) as gaps_sum,
        sum(gap_days * gap_days) as squares_sum
    from gaps
    group by 1, 2
),

rhythm as (
    select
        as_of,
        customer_id,
        round(cast(gaps_sum as double) / nullif(gaps_count, 0), 4) as mean_gap_days,
        case when gaps_count > 1 then round(
            sqrt(
                cast(gaps_count * squares_sum - gaps_sum * gaps_sum as double)
                / (gaps_count * (gaps_count - 1))
            ), 4
        ) end as std_gap_days
    from gap_sums
)

select
    spine.as_of,
    spine.customer_id,
    coalesce(totals.orders_count, 0) > 0 as is_buyer,
    coalesce(totals.orders_count_365d, 0) > 0 as is_buyer_365d,
    {{ days_between('totals.last_order_date', 'spine.as_of') }} as recency_days,
    {{ days_between('totals.first_order_date', 'spine.as_of') }} as first_order_days,
    coalesce(totals.orders_count, 0) as orders_count,
    coalesce(totals.orders_count_28d, 0) as orders_count_28d,
    coalesce(totals.orders_count_91d, 0) as orders_count_91d,
    coalesce(totals.orders_count_365d, 0) as orders_count_365d,
    cast(coalesce(totals.net_revenue_amount, 0) as decimal(18, 4)) as net_revenue_amount,
    cast(coalesce(totals.net_revenue_91d_amount, 0) as decimal(18, 4)) as net_revenue_91d_amount,
    cast(coalesce(totals.net_revenue_365d_amount, 0) as decimal(18, 4)) as net_revenue_365d_amount,
    cast(totals.max_order_365d_amount as decimal(18, 4)) as max_order_365d_amount,
    cast(
        round(cast(totals.net_revenue_amount as double) / totals.orders_count, 4) as double
    ) as average_order_amount,
    rhythm.mean_gap_days,
    rhythm.std_gap_days,
    round(
        {{ days_between('totals.last_order_date', 'spine.as_of') }}
        / nullif(rhythm.mean_gap_days, 0), 4
    ) as recency_to_gap_ratio,
    {{ segment(
        'totals.orders_count', 'totals.first_order_date', 'totals.last_order_date', 'spine.as_of'
    ) }} as segment
from {{ ref('spine') }} as spine
left join totals
    on totals.as_of = spine.as_of and totals.customer_id = spine.customer_id
left join rhythm
    on rhythm.as_of = spine.as_of and rhythm.customer_id = spine.customer_id
