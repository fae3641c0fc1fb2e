{# CTE `customer_horizons`: one row per as_of and horizon_days that `labels` asks of `label`, and
   customer as of that date: the kept orders in [as_of, as_of + horizon_days), as known when the
   horizon ends. Orders are found through who is who at that end: a guest order whose e-mail joined
   the customer meanwhile counts. Only matured horizons have rows. #}
{% macro horizon_orders(label) %}
with requests as (
    {%- for entry in var('labels') if entry.label == label %}
    select
        date '{{ entry.as_of }}' as as_of,
        cast({{ entry.horizon_days }} as integer) as horizon_days
    {%- if not loop.last %}
    union
    {%- endif %}
    {%- else %}
    select date '0001-01-01' as as_of, cast(0 as integer) as horizon_days where 1 = 0
    {%- endfor %}
),

horizons as (
    select as_of, horizon_days, as_of + horizon_days as ends_date
    from requests
    where as_of + horizon_days <= {{ cut() }}
),

dates as (
    select distinct ends_date as at_date from horizons
),

{{ orders_as_known('dates') }},

customers as (
    select distinct
        horizons.as_of,
        horizons.horizon_days,
        horizons.ends_date,
        map.customer_id,
        coalesce(later.customer_id, map.customer_id) as later_customer_id
    from horizons
    inner join {{ ref('identity_map') }} as map on map.as_of = horizons.as_of
    left join {{ ref('identity_map') }} as later
        on later.as_of = horizons.ends_date and later.profile_id = map.profile_id
),

orders as (
    select
        horizons.as_of,
        horizons.horizon_days,
        map.customer_id,
        count(*) as orders_count,
        sum(kept_orders.net_amount) as revenue_amount
    from horizons
    inner join kept_orders
        on kept_orders.at_date = horizons.ends_date
        and {{ in_horizon('kept_orders.ordered_date', 'horizons.as_of', 'horizons.horizon_days') }}
    inner join {{ ref('identity_map') }} as map
        on map.as_of = horizons.ends_date and map.profile_id = kept_orders.profile_id
    where kept_orders.is_kept
    group by 1, 2, 3
),

customer_horizons as (
    select
        customers.as_of,
        customers.horizon_days,
        customers.customer_id,
        coalesce(sum(orders.orders_count), 0) as orders_count,
        coalesce(sum(orders.revenue_amount), 0) as revenue_amount
    from customers
    left join orders
        on orders.as_of = customers.as_of
        and orders.horizon_days = customers.horizon_days
        and orders.customer_id = customers.later_customer_id
    group by 1, 2, 3
)
{% endmacro %}
