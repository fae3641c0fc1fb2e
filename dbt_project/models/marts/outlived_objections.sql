{{ config(materialized='view') }}
select
    recognised.profile_id,
    suppressions.purpose,
    suppressions.said_at as changed_at,
    min(recognised.extract_date) as known_from_date
from {{ source('ops', 'recognised') }} as recognised
inner join {{ source('ops', 'suppressions') }} as suppressions
    on suppressions.identifier_hash = recognised.identifier_hash
where suppressions.purpose <> 'marketing'
group by 1, 2, 3
