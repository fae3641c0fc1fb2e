{{ config(materialized='view') }}
select
    {{ as_of() }} as as_of,
    grounds.contact_point_id,
    points.channel,
    points.customer_id,
    grounds.reason,
    grounds.since_at,
    grounds.until_at,
    grounds.is_standing
from {{ ref('suppression_grounds') }} as grounds
left join {{ ref('contact_points') }} as points
    on points.contact_point_id = grounds.contact_point_id
where grounds.contact_point_id is not null
union all
select
    {{ as_of() }}, points.contact_point_id, points.channel, points.customer_id, grounds.reason,
    grounds.since_at, grounds.until_at, grounds.is_standing
from {{ ref('suppression_grounds') }} as grounds
inner join {{ ref('contact_points') }} as points on points.customer_id = grounds.customer_id
union all
select
    {{ as_of() }}, contact_point_id, channel, customer_id, 'deleted', deleted_at, null, true
from {{ ref('contact_points') }}
where deleted_at is not null
