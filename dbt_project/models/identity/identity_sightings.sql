{{ config(materialized='table') }}
with seen as (
    select
        states.state_id,
        states.known_from_date,
        states.valid_from_date,
        edges.profile_id,
        edges.identifier_type,
        edges.identifier,
        bool_and(edges.is_typed) as is_typed,
        min(edges.seen_at) as seen_at,
        min({{ row_order(['edges.known_from_date', 'edges.seen_at']) }}) as first_known
    from {{ ref('identity_states') }} as states
    inner join {{ ref('identity_clusters') }} as clusters on clusters.cluster = states.cluster
    inner join {{ ref('identity_edges') }} as edges
        on edges.profile_id = clusters.profile_id
        and edges.known_from_date <= states.known_from_date
        and edges.seen_date < states.valid_from_date
    group by 1, 2, 3, 4, 5, 6
),

{# Shared by one too many, from then on. #}
crowded as (
    select shared, known_from_date, seen_date
    from {{ ref('identity_ties') }}
    where places_too_many = 1
),

refusals as (
    select visitor_id, visit_date, min(known_from_date) as known_from_date
    from {{ ref('web_visits') }}
    where denied_events_count > 0
    group by 1, 2
),

refused as (
    select distinct seen.state_id, seen.identifier as visitor_id
    from seen
    inner join refusals
        on refusals.visitor_id = seen.identifier
        and refusals.known_from_date <= seen.known_from_date
        and refusals.visit_date < seen.valid_from_date
    where seen.identifier_type = 'visitor'
)

select
    seen.state_id,
    dense_rank() over (order by seen.state_id, seen.profile_id) as node,
    seen.profile_id,
    ties.is_browser,
    seen.identifier_type,
    seen.identifier,
    seen.is_typed,
    seen.seen_at,
    seen.first_known,
    crowded.shared is not null as is_crowded,
    ties.places_too_many <= 0
        and crowded.shared is null
        and (ties.is_browser or refused.visitor_id is null) as is_tie
from seen
inner join {{ ref('identity_ties') }} as ties
    on ties.profile_id = seen.profile_id
    and ties.identifier_type = seen.identifier_type
    and ties.identifier = seen.identifier
left join crowded
    on crowded.shared = ties.shared
    and crowded.known_from_date <= seen.known_from_date
    and crowded.seen_date < seen.valid_from_date
left join refused
    on refused.state_id = seen.state_id
    and seen.identifier_type = 'visitor'
    and refused.visitor_id = seen.identifier
