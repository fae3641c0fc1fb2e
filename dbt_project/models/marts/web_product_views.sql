{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_since() }}",
) }}
{# Days lie together, so that who reads the last ones skips the others. #}
select
    visitor_id,
    event_date as view_date,
    product_id,
    category,
    known_from_date,
    profile_id,
    count(*) filter (where event_name = 'product_view') as product_views_count,
    count(*) filter (where event_name = 'add_to_cart') as carts_count,
    count(*) as events_count,
    min(occurred_at) as first_viewed_at,
    max(occurred_at) as last_viewed_at
from {{ ref('web_events') }}
where is_allowed
    and (product_id is not null or category is not null)
    and event_name in ('page_view', 'product_view', 'search', 'add_to_cart')
    and known_from_date >= {{ first_unread() }}
group by visitor_id, event_date, product_id, category, known_from_date, profile_id
order by view_date
