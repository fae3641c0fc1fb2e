{{ config(materialized='table') }}
with seen as (
    select
        states.state_id,
        facts.member,
        facts.identifier_number,
        facts.is_browser,
        facts.is_contact,
        facts.distance,
        facts.named_member,
        facts.is_within_limit,
        bool_and(facts.is_typed) as is_typed,
        min(facts.seen_at) as seen_at,
        min({{ row_order(['facts.known_from_date', 'facts.seen_at']) }}) as first_known,
        bool_or(
            coalesce(
                facts.crowded_from_extract <= states.known_from_date
                and facts.crowded_date < states.valid_from_date,
                false
            )
        ) as is_crowded
    from {{ ref('identity_states') }} as states
    inner join {{ ref('identity_facts') }} as facts
        on facts.cluster_number = states.cluster_number
        and facts.known_from_date <= states.known_from_date
        and facts.seen_date < states.valid_from_date
    group by 1, 2, 3, 4, 5, 6, 7, 8
),

{# An order does not tie a browser whose visitor refused to be recognised. #}
refused as (
    select distinct states.state_id, browsers.member as named_member
    from {{ ref('web_visits') }} as visits
    inner join {{ ref('identity_members') }} as browsers
        on browsers.is_browser and browsers.profile_id = visits.profile_id
    inner join {{ ref('identity_states') }} as states
        on states.cluster_number = browsers.cluster_number
        and states.known_from_date >= visits.known_from_date
        and states.valid_from_date > visits.visit_date
    where visits.denied_events_count > 0
)

select
    seen.*,
    seen.is_within_limit
        and not seen.is_crowded
        and (seen.is_browser or refused.state_id is null) as is_tie
from seen
left join refused
    on not seen.is_browser
    and refused.state_id = seen.state_id
    and refused.named_member = seen.named_member
