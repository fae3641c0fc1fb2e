{{ config(materialized='table') }}
with members as (
    select * from {{ ref('identity_members') }}
),

{# Shared by one too many. #}
crowded as (
    select shared, known_from_date, seen_date
    from {{ ref('identity_ties') }}
    where places_too_many = 1
)

select
    members.cluster_number,
    members.member,
    members.is_browser,
    members.is_contact,
    dense_rank() over (order by edges.identifier_type, edges.identifier) as identifier_number,
    {{ distance('edges.identifier_type') }} as distance,
    named.member as named_member,
    edges.is_typed,
    edges.seen_at,
    edges.seen_date,
    edges.known_from_date,
    ties.places_too_many <= 0 as is_within_limit,
    crowded.known_from_date as crowded_from_extract,
    crowded.seen_date as crowded_date
from members
inner join {{ ref('identity_edges') }} as edges on edges.profile_id = members.profile_id
inner join {{ ref('identity_ties') }} as ties
    on ties.profile_id = edges.profile_id
    and ties.identifier_type = edges.identifier_type
    and ties.identifier = edges.identifier
left join crowded on crowded.shared = ties.shared
left join members as named
    on edges.identifier_type in ('contact', 'visitor')
    and named.profile_id = edges.identifier_type || ':' || edges.identifier
