{{ config(materialized='view') }}
{# Marketing stands on the contact points; for the other purposes nothing is needed but that nobody
   said no. #}
with points as (
    select contact_point_id, channel, customer_id from {{ ref('contact_points') }}
),

profiling as (
    {{ with_binding_words('points', 'profiling') }}
),

open_tracking as (
    {{ with_binding_words('points', 'open_tracking') }}
),

others as (
    select *, 'profiling' as purpose from profiling
    union all
    select *, 'open_tracking' as purpose from open_tracking
)

select
    {{ as_of() }} as as_of,
    contact_point_id,
    channel,
    customer_id,
    'marketing' as purpose,
    consent_status as status,
    consent_changed_at as since_at,
    consent_origin as origin,
    consent_said_by as said_by,
    case when consent_status = 'none' then null else 'consents' end as found_in,
    lawful_basis,
    blocked_reason
from {{ ref('contact_points') }}
union all
select
    {{ as_of() }},
    contact_point_id,
    channel,
    customer_id,
    purpose,
    consent_status,
    consent_changed_at,
    consent_origin,
    consent_said_by,
    case when consent_status = 'none' then null else 'consents' end,
    case
        when consent_status = 'granted' then 'consent'
        when consent_status = 'none' then 'not_refused'
    end,
    case when consent_status in ('withdrawn', 'objected') then consent_status end
from others
