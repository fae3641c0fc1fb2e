{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_young_orders() }}",
) }}
with seen_products as (
    select
        order_id,
        product_id,
        bool_or(last_view_date is not null) as is_seen,
        bool_or(is_seen_earlier) as is_seen_earlier
    from {{ ref('journey_views') }}
    where product_id is not null
    group by 1, 2
),

seen_categories as (
    select
        order_id,
        category,
        min(first_view_date) as first_view_date,
        max(last_view_date) as last_view_date,
        bool_or(is_seen_earlier) as is_seen_earlier
    from {{ ref('journey_views') }}
    where category is not null
    group by 1, 2
),

known_browsers as (
    select distinct customer_id, looked_at_date
    from {{ ref('journey_profiles') }}
    where is_browser
),

bought as (
    select
        lines.order_id,
        lines.category,
        coalesce(bool_or(seen_products.is_seen), false) as has_seen_product,
        coalesce(bool_or(seen_products.is_seen_earlier), false) as has_seen_product_earlier
    from {{ ref('journey_lines') }} as lines
    inner join {{ ref('journey_orders') }} as orders
        on orders.order_id = lines.order_id and orders.looked_at_date = lines.looked_at_date
    left join seen_products
        on seen_products.order_id = lines.order_id
        and seen_products.product_id = lines.product_id
    group by 1, 2
),

{# The last purchase of the category in a store before each order of it. #}
purchases as (
    select distinct
        purchases.customer_id,
        purchases.looked_at_date,
        purchases.order_id,
        purchases.ordered_at,
        purchases.channel,
        lines.category
    from {{ ref('journey_purchases') }} as purchases
    inner join {{ ref('journey_lines') }} as lines
        on lines.order_id = purchases.order_id
        and lines.looked_at_date = purchases.looked_at_date
    where lines.category is not null
),

in_stores as (
    select
        order_id,
        looked_at_date,
        category,
        max(case when channel = 'store' then ordered_at end) over (
            partition by customer_id, looked_at_date, category order by ordered_at, order_id
            rows between unbounded preceding and 1 preceding
        ) as last_store_at
    from purchases
)

select
    orders.order_id,
    bought.category,
    orders.looked_at_date,
    orders.matures_on_date,
    {%- for column, seen in {
        'has_seen_product_online': 'bought.has_seen_product',
        'has_seen_product_online_earlier': 'bought.has_seen_product_earlier',
        'has_seen_category_online':
            'bought.has_seen_product or seen_categories.last_view_date is not null',
        'has_seen_category_online_earlier':
            'bought.has_seen_product_earlier or coalesce(seen_categories.is_seen_earlier, false)',
    }.items() %}
    case when known_browsers.customer_id is not null then {{ seen }} end as {{ column }},
    {%- endfor %}
    seen_categories.first_view_date,
    seen_categories.last_view_date,
    case when orders.customer_id is not null and orders.channel in ('web', 'app') then coalesce(
        {{ shop_date('in_stores.last_store_at') }}
            >= orders.ordered_date - {{ journey_days() }},
        false
    ) end as has_store_purchase_before
from {{ ref('journey_orders') }} as orders
inner join bought on bought.order_id = orders.order_id
left join known_browsers
    on known_browsers.customer_id = orders.customer_id
    and known_browsers.looked_at_date = orders.looked_at_date
left join seen_categories
    on seen_categories.order_id = orders.order_id
    and seen_categories.category = bought.category
left join in_stores
    on in_stores.order_id = orders.order_id
    and in_stores.looked_at_date = orders.looked_at_date
    and in_stores.category = bought.category
