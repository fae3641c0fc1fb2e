{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_since() }}",
) }}
with new_events as (
    select
        *,
        {{ shop_date('occurred_at') }} as visit_date
    from {{ ref('stg_web_events') }}
    where visitor_id is not null and extract_date >= {{ first_unread() }}
),

{# A web tool rewrites its last days: an event (id and moment) counts in the first extract that
   brought it. Only records as recent as the new ones can be the same, so only those are compared. #}
earlier as (
    select event_id, occurred_at, min(extract_date) as first_extract_date
    from {{ source('raw', 'web_events') }}
    where occurred_at >= {{ earliest_unread_event() }}
    group by 1, 2
),

events as (
    select
        new_events.*,
        new_events.consent_state is distinct from 'denied' as is_allowed
    from new_events
    inner join earlier
        on earlier.event_id = new_events.event_id
        and earlier.occurred_at = new_events.occurred_at
        and earlier.first_extract_date = new_events.extract_date
)

{# What a visitor refused to be recognised by is counted once, as refused, and nowhere else. #}
select
    visitor_id,
    visit_date,
    extract_date as known_from_date,
    'visitor:' || visitor_id as profile_id,
    count(*) filter (where is_allowed) as events_count,
    count(*) filter (where not is_allowed) as denied_events_count,
    count(distinct session_id) filter (where is_allowed) as sessions_count,
    count(*) filter (where is_allowed and event_name = 'page_view') as page_views_count,
    count(*) filter (where is_allowed and event_name = 'product_view') as product_views_count,
    count(*) filter (where is_allowed and event_name = 'search') as searches_count,
    count(*) filter (where is_allowed and event_name = 'add_to_cart') as carts_count,
    count(*) filter (where is_allowed and event_name = 'begin_checkout') as checkouts_count,
    count(*) filter (where is_allowed and event_name = 'purchase') as purchases_count,
    count(*) filter (where is_allowed and event_name = 'sign_in') as sign_ins_count,
    count(*) filter (where is_allowed and event_name = 'app_activity') as app_activities_count,
    count(*) filter (where is_allowed and event_name = 'store_locator') as store_locators_count,
    min(occurred_at) filter (where is_allowed) as first_event_at,
    max(occurred_at) filter (where is_allowed) as last_event_at
from events
group by visitor_id, visit_date, extract_date
