{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key=['profile_id', 'since_as_of'],
    full_refresh=false,
    pre_hook="{{ reopen_ledger() }}",
) }}
{# What each night said who is who. It is history: a rebuild, or a later release with other rules,
   changes what tonight says and not what was said. A night that is made again is written again; one
   that others have followed is not. #}
with tonight as (
    select profile_id, customer_id
    from {{ ref('identity_map') }}
    where as_of = {{ as_of() }} and profile_id not like 'visitor:%'
),

open_rows as (
    {%- if is_incremental() %}
    select profile_id, customer_id, since_as_of from {{ this }} where until_as_of = {{ forever() }}
    {%- else %}
    select profile_id, customer_id, {{ as_of() }} as since_as_of from tonight where 1 = 0
    {%- endif %}
),

changed as (
    select
        coalesce(tonight.profile_id, open_rows.profile_id) as profile_id,
        tonight.customer_id,
        open_rows.customer_id as customer_before,
        open_rows.since_as_of
    from tonight
    full outer join open_rows on open_rows.profile_id = tonight.profile_id
    where tonight.customer_id is distinct from open_rows.customer_id
        {%- if is_incremental() %}
        and not exists ({{ later_nights(this) }})
        {%- endif %}
)

select profile_id, customer_id, {{ as_of() }} as since_as_of, {{ forever() }} as until_as_of
from changed
where customer_id is not null
union all
select profile_id, customer_before, since_as_of, {{ as_of() }}
from changed
where customer_before is not null
