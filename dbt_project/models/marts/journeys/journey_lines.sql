{# What was bought, by the category that its product had then: in the orders that are looked at, and
   in the stores before. #}
with wanted as (
    select order_id, looked_at_date from {{ ref('journey_orders') }}
    union
    select order_id, looked_at_date
    from {{ ref('journey_purchases') }}
    where channel = 'store' and ordered_date >= {{ first_journey_date() }}
)

select distinct
    wanted.order_id,
    wanted.looked_at_date,
    lines.product_id,
    products.category
from wanted
inner join {{ ref('order_line_history') }} as lines
    on lines.order_id = wanted.order_id
    and {{ valid_at('lines', 'wanted.looked_at_date', 'wanted.looked_at_date') }}
left join {{ ref('product_history') }} as products
    on products.product_id = lines.product_id
    and {{ valid_at('products', 'wanted.looked_at_date', 'wanted.looked_at_date') }}
where not lines.is_return
