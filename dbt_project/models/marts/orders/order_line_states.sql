{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_changed('order_id', 'changed_orders') }}",
) }}
{# Days lie together, so that who reads the last ones skips the others. #}
select
    orders.as_of,
    orders.extract_cut,
    lines.order_id,
    lines.line_number,
    orders.customer_id,
    orders.ordered_date,
    orders.is_kept,
    lines.product_id,
    products.name as product_name,
    products.category,
    products.brand,
    lines.quantity,
    lines.is_return,
    lines.unit_price,
    lines.discount_amount,
    {{ line_amount('lines', 'orders.exchange_rate') }} as line_amount,
    {{ line_margin('lines', 'products_then', 'orders.exchange_rate') }} as margin_amount,
    lines.occurred_at
from {{ ref('order_line_history') }} as lines
inner join {{ ref('order_states') }} as orders on orders.order_id = lines.order_id
left join {{ ref('product_history') }} as products
    on products.product_id = lines.product_id and {{ known_at('products') }}
left join {{ ref('product_history') }} as products_then
    on products_then.product_id = lines.product_id
    and {{ on_day('products_then', 'orders.ordered_date') }}
where orders.order_id in (select order_id from {{ ref('changed_orders') }})
    and {{ known_at('lines') }}
    and coalesce(lines.occurred_date < {{ as_of() }}, true)
order by orders.ordered_date
