{% set dates = var('as_ofs') | list %}
{% if is_tonight_made('order_states') %}{% set dates = dates | reject('equalto', var('as_of')) | list %}{% endif %}

with dates as (
    select as_of as at_date from ({{ date_rows(dates) }}) as wanted
),

{{ orders_as_known('dates') }}

select
    kept_orders.at_date as as_of,
    map.customer_id,
    kept_orders.order_id,
    kept_orders.ordered_date,
    kept_orders.is_kept,
    kept_orders.channel,
    kept_orders.coupon_code,
    kept_orders.total_amount,
    kept_orders.discount_amount,
    kept_orders.returned_lines_count,
    kept_orders.returned_amount,
    kept_orders.net_amount
from kept_orders
inner join {{ ref('identity_map') }} as map
    on map.as_of = kept_orders.at_date and map.profile_id = kept_orders.profile_id
