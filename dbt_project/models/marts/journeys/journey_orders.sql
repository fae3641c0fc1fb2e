{# An order is looked at each night until it has matured, as known that night: who is who is learnt
   meanwhile. An order that arrives late has matured by then. The date is fixed by what was first
   known of it, so that all nights agree on it. #}
with maturing as (
    select
        order_id,
        greatest(ordered_date + {{ journey_days() }}, known_from_date) as matures_on_date
    from {{ ref('order_history') }}
    where version_number = 1
        and known_from_date <= {{ cut() }}
        and ordered_date < {{ as_of() }}
        and greatest(ordered_date + {{ journey_days() }}, known_from_date) > {{ last_look() }}
),

looked_at as (
    select *, least({{ as_of() }}, matures_on_date) as looked_at_date from maturing
)

select
    looked_at.order_id,
    orders.profile_id,
    map.customer_id,
    orders.ordered_at,
    orders.ordered_date,
    orders.channel,
    orders.store_id,
    looked_at.looked_at_date,
    looked_at.matures_on_date
from looked_at
inner join {{ ref('order_history') }} as orders
    on orders.order_id = looked_at.order_id
    and {{ valid_at('orders', 'looked_at.looked_at_date', 'looked_at.looked_at_date') }}
    and {{ is_kept_at('orders', 'looked_at.looked_at_date') }}
left join {{ ref('identity_history') }} as map
    on map.profile_id = orders.profile_id
    and {{ owned_at('map', 'looked_at.looked_at_date', 'looked_at.looked_at_date') }}
