{# Everything these customers had bought by then. #}
select
    profiles.customer_id,
    profiles.looked_at_date,
    orders.order_id,
    orders.ordered_at,
    orders.ordered_date,
    orders.channel
from {{ ref('journey_profiles') }} as profiles
inner join {{ ref('order_history') }} as orders
    on orders.profile_id = profiles.profile_id
    and {{ valid_at('orders', 'profiles.looked_at_date', 'profiles.looked_at_date') }}
    and {{ is_kept_at('orders', 'profiles.looked_at_date') }}
where orders.ordered_date < profiles.looked_at_date
