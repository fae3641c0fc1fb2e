{# Everybody that a customer of these orders was, on the nights that they are looked at. #}
with customers as (
    select distinct customer_id, looked_at_date
    from {{ ref('journey_orders') }}
    where customer_id is not null
)

select
    customers.customer_id,
    customers.looked_at_date,
    map.profile_id,
    map.profile_id like 'visitor:%' as is_browser
from customers
inner join {{ ref('identity_history') }} as map
    on map.customer_id = customers.customer_id
    and {{ owned_at('map', 'customers.looked_at_date', 'customers.looked_at_date') }}
