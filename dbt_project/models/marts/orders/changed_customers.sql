{# Whoever has, or had before somebody was merged or split, a profile that such an order was placed
   by. #}
select map.customer_id
from {{ ref('changed_orders') }} as changed
inner join {{ ref('order_history') }} as orders on orders.order_id = changed.order_id
inner join {{ ref('identity_history') }} as map on map.profile_id = orders.profile_id
union
{{ made_since('customer_purchases', 'customer_id') }}
union
{{ made_since('purchase_gaps', 'customer_id') }}
