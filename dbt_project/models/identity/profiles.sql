{{ config(materialized='view') }}
select
    profile_id,
    split_part(profile_id, ':', 1) as profile_kind,
    min(seen_at) as first_seen_at,
    min(known_from_date) as known_from_date
from {{ ref('identity_edges') }}
group by profile_id
