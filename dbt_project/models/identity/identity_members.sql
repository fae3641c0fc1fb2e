{{ config(materialized='table') }}
{# Everybody in a cluster that is looked at. A browser that only orders name has no ties of its own,
   but an owner. #}
with clusters as (
    select distinct cluster, cluster_number from {{ ref('identity_states') }}
),

profiles as (
    select members.profile_id, clusters.cluster_number
    from {{ ref('identity_clusters') }} as members
    inner join clusters on clusters.cluster = members.cluster
),

everybody as (
    select profile_id, cluster_number from profiles
    union
    select 'visitor:' || ties.identifier, profiles.cluster_number
    from profiles
    inner join {{ ref('identity_ties') }} as ties on ties.profile_id = profiles.profile_id
    where ties.identifier_type = 'visitor' and ties.places_too_many <= 0
)

select
    cluster_number,
    row_number() over (order by profile_id) as member,
    profile_id,
    profile_id like 'visitor:%' as is_browser,
    profile_id like 'contact:%' as is_contact
from everybody
