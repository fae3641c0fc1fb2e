{{ config(materialized='view') }}
select * from {{ ref('past_orders') }}
{%- if is_tonight_made('order_states') %}
union all
select
    {{ as_of() }} as as_of,
    customer_id,
    order_id,
    ordered_date,
    is_kept,
    channel,
    coupon_code,
    total_amount,
    discount_amount,
    returned_lines_count,
    returned_amount,
    net_amount
from {{ ref('order_states') }}
where customer_id is not null
{%- endif %}
