{% set is_kept_up = is_tonight_made('customer_purchases') %}

with kept as (
    select as_of, customer_id, ordered_date, net_amount
    from {{ ref('customer_orders') }}
    where is_kept
),

{# Whoever ordered at all, by then. Tonight's are as transform has kept them up. #}
past as (
    select *
    from kept
    {%- if is_kept_up %}
    where as_of <> {{ as_of() }}
    {%- endif %}
),

past_totals as (
    select
        as_of,
        customer_id,
        min(ordered_date) as first_order_date,
        max(ordered_date) as last_order_date,
        count(*) as orders_count,
        sum(net_amount) as net_revenue_amount
    from past
    group by 1, 2
),

{# Days with an order and the gaps between them. Sums stay integers and are divided once, so that
   the same rows give the same bytes whatever the threads do. #}
past_gaps as (
    select
        as_of,
        customer_id,
        {{ days_between(
            'lag(ordered_date) over (partition by as_of, customer_id order by ordered_date)',
            'ordered_date'
        ) }} as gap_days
    from (select distinct as_of, customer_id, ordered_date from past) as order_days
),

past_gap_sums as (
    select as_of, customer_id, {{ gap_sums() }}
    from past_gaps
    group by 1, 2
),

totals as (
    select past_totals.*, past_gap_sums.* exclude (as_of, customer_id)
    from past_totals
    inner join past_gap_sums
        on past_gap_sums.as_of = past_totals.as_of
        and past_gap_sums.customer_id = past_totals.customer_id
    {%- if is_kept_up %}
    union all
    select
        {{ as_of() }} as as_of,
        customer_id,
        first_order_date,
        last_order_date,
        orders_count,
        net_revenue_amount,
        gaps_count,
        gaps_days,
        gaps_squared_days
    from {{ ref('customer_purchases') }}
    {%- endif %}
),

windows as (
    select
        as_of,
        customer_id,
        count(*) filter (where {{ in_window('ordered_date', 'as_of', 28) }}) as orders_count_28d,
        count(*) filter (where {{ in_window('ordered_date', 'as_of', 91) }}) as orders_count_91d,
        count(*) as orders_count_365d,
        sum(net_amount) filter (where {{ in_window('ordered_date', 'as_of', 91) }})
            as net_revenue_91d_amount,
        sum(net_amount) as net_revenue_365d_amount,
        max(net_amount) as max_order_365d_amount
    from kept
    where {{ in_window('ordered_date', 'as_of', 365) }}
    group by 1, 2
),

rhythm as (
    select
        as_of,
        customer_id,
        round(cast(gaps_days as double) / nullif(gaps_count, 0), 4) as mean_gap_days,
        case when gaps_count > 1 then round(
            sqrt(
                cast(gaps_count * gaps_squared_days - gaps_days * gaps_days as double)
                / (gaps_count * (gaps_count - 1))
            ), 4
        ) end as std_gap_days
    from totals
)

select
    spine.as_of,
    spine.customer_id,
    coalesce(totals.orders_count, 0) > 0 as is_buyer,
    coalesce(windows.orders_count_365d, 0) > 0 as is_buyer_365d,
    {{ days_between('totals.last_order_date', 'spine.as_of') }} as recency_days,
    {{ days_between('totals.first_order_date', 'spine.as_of') }} as first_order_days,
    coalesce(totals.orders_count, 0) as orders_count,
    coalesce(windows.orders_count_28d, 0) as orders_count_28d,
    coalesce(windows.orders_count_91d, 0) as orders_count_91d,
    coalesce(windows.orders_count_365d, 0) as orders_count_365d,
    cast(coalesce(totals.net_revenue_amount, 0) as decimal(18, 4)) as net_revenue_amount,
    cast(coalesce(windows.net_revenue_91d_amount, 0) as decimal(18, 4)) as net_revenue_91d_amount,
    cast(coalesce(windows.net_revenue_365d_amount, 0) as decimal(18, 4)) as net_revenue_365d_amount,
    cast(windows.max_order_365d_amount as decimal(18, 4)) as max_order_365d_amount,
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
left join windows
    on windows.as_of = spine.as_of and windows.customer_id = spine.customer_id
left join rhythm
    on rhythm.as_of = spine.as_of and rhythm.customer_id = spine.customer_id
