{# An address, or a profile where the address is not known or the person objected, whose opens and
   clicks may not be looked at. A later yes speaks for what comes after it. #}
with said as (
    select
        contact_point_id,
        cast(null as varchar) as profile_id,
        status,
        changed_at,
        known_from_date
    from {{ ref('consent_statements') }}
    where purpose = 'open_tracking' and said_by <> 'person'
    union all
    select null, profile_id, status, changed_at, known_from_date
    from {{ ref('consent_statements') }}
    where purpose = 'open_tracking'
    union all
    select null, theirs.profile_id, said.status, said.changed_at, said.known_from_date
    from {{ ref('consent_statements') }} as said
    inner join ({{ people_from_now_on() }}) as people on people.profile_id = said.profile_id
    inner join ({{ people_from_now_on() }}) as theirs
        on theirs.customer_id = people.customer_id
    where said.purpose = 'open_tracking' and said.said_by = 'person'
),

refused as (
    select
        contact_point_id,
        profile_id,
        max(changed_at) as refused_at,
        min(known_from_date) as known_from_date
    from said
    where status <> 'granted'
    group by 1, 2
)

select
    refused.contact_point_id,
    refused.profile_id,
    refused.refused_at,
    min(said.changed_at) as tracked_again_at,
    refused.known_from_date
from refused
left join said
    on said.contact_point_id is not distinct from refused.contact_point_id
    and said.profile_id is not distinct from refused.profile_id
    and said.status = 'granted'
    and said.changed_at > refused.refused_at
group by 1, 2, 3, 5
