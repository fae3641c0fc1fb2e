{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key=['customer_id', 'track', 'since_as_of'],
    full_refresh=false,
    pre_hook="{{ reopen_ledger() }}",
) }}
{# What each night said of everybody. It is history: thresholds that are learnt anew change what
   tonight says and not what was said. A night that is made again is written again; one that others
   have followed is not. #}
with tonight as (
    select customer_id, 'purchases' as track, lifecycle_stage as stage
    from {{ ref('customer_stages') }}
    union all
    select customer_id, 'subscription' as track, subscription_stage as stage
    from {{ ref('customer_stages') }}
    where subscription_stage is not null
),

open_rows as (
    {%- if is_incremental() %}
    select customer_id, track, stage, previous_stage, since_as_of
    from {{ this }}
    where until_as_of = {{ forever() }}
    {%- else %}
    select customer_id, track, stage, stage as previous_stage, {{ as_of() }} as since_as_of
    from tonight
    where 1 = 0
    {%- endif %}
),

changed as (
    select
        coalesce(tonight.customer_id, open_rows.customer_id) as customer_id,
        coalesce(tonight.track, open_rows.track) as track,
        tonight.stage,
        open_rows.stage as stage_before,
        open_rows.previous_stage,
        open_rows.since_as_of
    from tonight
    full outer join open_rows
        on open_rows.customer_id = tonight.customer_id and open_rows.track = tonight.track
    where tonight.stage is distinct from open_rows.stage
        {%- if is_incremental() %}
        and not exists ({{ later_nights(this) }})
        {%- endif %}
)

select
    customer_id,
    track,
    stage,
    stage_before as previous_stage,
    {{ as_of() }} as since_as_of,
    {{ forever() }} as until_as_of
from changed
where stage is not null
union all
select customer_id, track, stage_before, previous_stage, since_as_of, {{ as_of() }}
from changed
where stage_before is not null
