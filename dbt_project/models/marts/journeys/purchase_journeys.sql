{{ config(materialized='view') }}
select
    orders.as_of,
    orders.order_id,
    orders.customer_id,
    orders.ordered_at,
    orders.ordered_date,
    orders.channel,
    orders.store_id,
    orders.net_amount,
    coalesce(journeys.has_known_browser, false) as has_known_browser,
    journeys.visits_before_count,
    journeys.has_seen_product_online,
    journeys.has_seen_product_online_earlier,
    journeys.has_seen_category_online,
    journeys.has_seen_category_online_earlier,
    case when orders.channel = 'store' then journeys.has_seen_category_online end
        as is_researched_online,
    journeys.first_view_days,
    journeys.last_view_days,
    journeys.has_looked_for_store,
    journeys.has_store_purchase_before,
    journeys.has_store_purchase_of_category_before,
    coalesce(journeys.is_click_and_collect, false) as is_click_and_collect,
    journeys.previous_channel,
    journeys.previous_order_days,
    journeys.is_channel_change,
    journeys.matures_on_date,
    coalesce(journeys.matures_on_date <= orders.as_of, false) as is_matured
from {{ ref('orders') }} as orders
left join {{ ref('order_journeys') }} as journeys on journeys.order_id = orders.order_id
where orders.is_kept
