{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='customer_id',
) }}
{# Told again of those whose browsers have been seen, or have become somebody's: of most, nothing
   new is. Who has lost their browsers keeps a row without a visit: it says when that was told, should
   the extract that told it be read again. #}
{% set known = last_made('extract_cut', ['customer_visits']) %}
{% set seen = last_made('as_of', ['customer_visits']) %}

with news as (
    select profile_id
    from {{ ref('web_visits') }}
    where known_from_date > {{ known }} or visit_date >= {{ seen }}
    union
    {{ moved_profiles(known, seen) }}
),

changed as (
    select map.customer_id
    from {{ ref('identity_history') }} as map
    inner join news on news.profile_id = map.profile_id
    union
    {{ made_since('customer_visits', 'customer_id') }}
),

last_visits as (
    select map.customer_id, max(visits.last_event_at) as last_visit_at
    from {{ ref('web_visits') }} as visits
    inner join {{ ref('identity_map') }} as map
        on map.profile_id = visits.profile_id and map.as_of = {{ as_of() }}
    where map.customer_id in (select customer_id from changed)
        and visits.known_from_date <= {{ cut() }}
        and visits.visit_date < {{ as_of() }}
        and visits.events_count > 0
    group by 1
)

select
    {{ as_of() }} as as_of,
    {{ cut() }} as extract_cut,
    changed.customer_id,
    last_visits.last_visit_at
from changed
left join last_visits on last_visits.customer_id = changed.customer_id
