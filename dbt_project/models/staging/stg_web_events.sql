{# Not one row per event: to find the few that are there twice among so many costs more than all the
   rest, so it is done once, in web_events. #}
select
    event_id,
    occurred_at,
    {{ clean('visitor_id') }} as visitor_id,
    event_name,
    session_id,
    {{ clean('contact_id') }} as contact_id,
    {{ clean('email') }} as email,
    product_id,
    category,
    order_id,
    page,
    source,
    medium,
    campaign,
    device,
    consent_state,
    source_name,
    file,
    line,
    extract_date
from {{ source('raw', 'web_events') }}
