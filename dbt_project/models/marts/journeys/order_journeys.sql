{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_young_orders() }}",
) }}
{% set seen = [
    'has_seen_product_online', 'has_seen_product_online_earlier', 'has_seen_category_online',
    'has_seen_category_online_earlier'
] %}

with browsers as (
    select customer_id, looked_at_date, profile_id
    from {{ ref('journey_profiles') }}
    where is_browser
),

known_browsers as (
    select distinct customer_id, looked_at_date from browsers
),

visits as (
    select
        orders.order_id,
        count(distinct row(visits.profile_id, visits.visit_date)) as visits_count,
        sum(visits.store_locators_count) as store_locators_count
    from {{ ref('journey_orders') }} as orders
    inner join browsers
        on browsers.customer_id = orders.customer_id
        and browsers.looked_at_date = orders.looked_at_date
    inner join {{ ref('web_visits') }} as visits
        on visits.profile_id = browsers.profile_id
        and {{ before_order('visits.visit_date', 'visits.first_event_at', 'orders') }}
        and visits.known_from_date <= orders.looked_at_date
    where visits.visit_date >= {{ first_journey_date() }}
    group by 1
),

categories as (
    select
        order_id,
        {%- for column in seen %}
        bool_or({{ column }}) as {{ column }},
        {%- endfor %}
        min(first_view_date) as first_view_date,
        max(last_view_date) as last_view_date,
        bool_or(has_store_purchase_before) as has_store_purchase_of_category_before
    from {{ ref('journey_categories') }}
    where matures_on_date > {{ last_look() }}
    group by 1
),

before as (
    select
        customer_id,
        looked_at_date,
        order_id,
        lag(channel) over customer_orders as previous_channel,
        lag(ordered_date) over customer_orders as previous_date,
        max(case when channel = 'store' then ordered_date end) over (
            partition by customer_id, looked_at_date order by ordered_at, order_id
            rows between unbounded preceding and 1 preceding
        ) as last_store_date
    from {{ ref('journey_purchases') }}
    window customer_orders as (
        partition by customer_id, looked_at_date order by ordered_at, order_id
    )
)

select
    orders.order_id,
    orders.profile_id,
    orders.looked_at_date,
    orders.matures_on_date,
    known_browsers.customer_id is not null as has_known_browser,
    case when known_browsers.customer_id is not null then coalesce(visits.visits_count, 0) end
        as visits_before_count,
    case when known_browsers.customer_id is not null
        then coalesce(visits.store_locators_count, 0) > 0
    end as has_looked_for_store,
    {%- for column in seen %}
    categories.{{ column }},
    {%- endfor %}
    {{ days_between('categories.first_view_date', 'orders.ordered_date') }} as first_view_days,
    {{ days_between('categories.last_view_date', 'orders.ordered_date') }} as last_view_days,
    case when orders.customer_id is not null and orders.channel in ('web', 'app') then coalesce(
        before.last_store_date >= orders.ordered_date - {{ journey_days() }}, false
    ) end as has_store_purchase_before,
    categories.has_store_purchase_of_category_before,
    before.previous_channel,
    {{ days_between('before.previous_date', 'orders.ordered_date') }} as previous_order_days,
    before.previous_channel <> orders.channel as is_channel_change,
    coalesce(orders.channel in ('web', 'app') and orders.store_id <> '', false)
        as is_click_and_collect
from {{ ref('journey_orders') }} as orders
left join known_browsers
    on known_browsers.customer_id = orders.customer_id
    and known_browsers.looked_at_date = orders.looked_at_date
left join visits on visits.order_id = orders.order_id
left join categories on categories.order_id = orders.order_id
left join before
    on before.order_id = orders.order_id and before.looked_at_date = orders.looked_at_date
