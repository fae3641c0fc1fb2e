{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_since() }}",
) }}
{# A web tool rewrites its last days: an event (id and moment) counts in the first extract that
   brought it. Most are there once; only the others are put in order. #}
with records as (
    select *, {{ short_hash(['event_id', 'occurred_at']) }} as event_hash
    from {{ ref('stg_web_events') }}
    where visitor_id is not null and extract_date >= {{ first_unread() }}
),

repeated as (
    select event_hash from records group by 1 having count(*) > 1
),

ranked as (
    select
        records.*,
        row_number() over (
            partition by records.event_id, records.occurred_at
            order by records.extract_date, records.line desc, records.file desc,
                records.source_name desc
        ) as place
    from records
    where event_hash in (select event_hash from repeated)
),

events as (
    select * from records where event_hash not in (select event_hash from repeated)
    union all
    select * exclude (place) from ranked where place = 1
)

select
    events.event_id,
    events.occurred_at,
    {{ shop_date('events.occurred_at') }} as event_date,
    events.visitor_id,
    'visitor:' || events.visitor_id as profile_id,
    events.event_name,
    events.session_id,
    events.contact_id,
    events.email,
    events.product_id,
    events.category,
    events.order_id,
    events.page,
    events.source,
    events.medium,
    events.campaign,
    events.device,
    events.consent_state is distinct from 'denied' as is_allowed,
    events.extract_date as known_from_date
from events
{%- if is_incremental() %}
{# Only what is as recent as the new records can be the same. #}
where not exists (
    select 1 from {{ this }} as earlier
    where earlier.event_id = events.event_id
        and earlier.occurred_at = events.occurred_at
        and earlier.occurred_at >= {{ earliest_unread_event() }}
        and earlier.known_from_date < {{ first_unread() }}
)
{%- endif %}
