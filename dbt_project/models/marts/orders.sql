with dates as (
    select {{ as_of() }} as at_date
),

{{ orders_as_known('dates') }}

select
    kept_orders.at_date as as_of,
    kept_orders.order_id,
    map.customer_id,
    kept_orders.profile_id,
    kept_orders.ordered_at,
    kept_orders.ordered_date,
    kept_orders.status,
    kept_orders.is_kept,
    kept_orders.channel,
    kept_orders.currency,
    kept_orders.total_amount,
    kept_orders.discount_amount,
    kept_orders.returned_amount,
    kept_orders.net_amount,
    kept_orders.coupon_code,
    kept_orders.store_id
from kept_orders
left join {{ ref('identity_map') }} as map
    on map.as_of = kept_orders.at_date and map.profile_id = kept_orders.profile_id
