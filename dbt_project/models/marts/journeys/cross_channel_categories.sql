{% set seen = [
    'has_seen_product_online', 'has_seen_category_online', 'has_seen_product_online_earlier',
    'has_seen_category_online_earlier'
] %}

with bought as (
    select
        lines.order_id,
        lines.category,
        bool_or(not lines.is_return) as is_bought,
        sum(lines.line_amount) as revenue_amount
    from {{ ref('order_lines') }} as lines
    where lines.is_kept and lines.ordered_date >= {{ first_timeline_month() }}
    group by 1, 2
),

{# An order with three categories is in three rows: what is counted is the orders of each. #}
placed as (
    select
        {{ month_of('orders.ordered_date') }} as month,
        bought.category,
        coalesce(orders.store_id, '') as store_id,
        orders.channel,
        bought.revenue_amount,
        {%- for column in seen %}
        case when orders.channel = 'store' then journeys.{{ column }} end as {{ column }},
        {%- endfor %}
        journeys.has_store_purchase_before,
        coalesce(order_journeys.is_click_and_collect, false) as is_click_and_collect
    from bought
    inner join {{ ref('orders') }} as orders on orders.order_id = bought.order_id
    left join {{ ref('journey_categories') }} as journeys
        on journeys.order_id = bought.order_id
        and journeys.category is not distinct from bought.category
    left join {{ ref('order_journeys') }} as order_journeys
        on order_journeys.order_id = bought.order_id
    where bought.is_bought
),

totals as (
    select
        month,
        coalesce(category, '') as category,
        store_id,
        count(*) as orders_count,
        sum(revenue_amount) as revenue_amount,
        count(*) filter (where channel = 'store') as store_orders_count,
        count(has_seen_product_online) as tellable_store_orders_count,
        {%- for column in seen %}
        count(*) filter (where {{ column }}) as {{ column | replace('has_', '') }}_count,
        {%- endfor %}
        count(*) filter (where channel in ('web', 'app')) as online_orders_count,
        count(has_store_purchase_before) as tellable_online_orders_count,
        count(*) filter (where has_store_purchase_before) as store_before_online_count,
        count(*) filter (where is_click_and_collect) as click_and_collect_count
    from placed
    group by 1, 2, 3
)

select
    {{ as_of() }} as as_of,
    month,
    category,
    store_id,
    orders_count,
    cast(revenue_amount as decimal(18, 4)) as revenue_amount,
    store_orders_count,
    tellable_store_orders_count,
    {%- for column in seen %}
    {{ column | replace('has_', '') }}_count,
    {%- endfor %}
    {{ share('seen_product_online_count', 'tellable_store_orders_count') }}
        as seen_product_online_rate,
    {{ share('seen_category_online_count', 'tellable_store_orders_count') }}
        as seen_category_online_rate,
    online_orders_count,
    tellable_online_orders_count,
    store_before_online_count,
    {{ share('store_before_online_count', 'tellable_online_orders_count') }} as showrooming_rate,
    click_and_collect_count
from totals
