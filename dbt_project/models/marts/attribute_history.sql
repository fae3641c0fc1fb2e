{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_since() }}",
) }}
{% set key = [
    'contact_id', 'coalesce(email, hashed_email)', 'name', 'value', 'observed_at', 'provider'
] %}

with said as (
    select
        {{ row_hash(key) }} as attribute_key,
        profile_id,
        case when profile_id is null then lower(hashed_email) end as hashed_email,
        name,
        value,
        provider,
        'attributes' as found_in,
        cast(null as varchar) as record_key,
        observed_at,
        extract_date
    from {{ ref('stg_attributes') }}
    where coalesce(profile_id, hashed_email) is not null and extract_date >= {{ first_unread() }}
),

records as (
    select
        contact_id,
        profile_id,
        updated_at,
        extra,
        {{ row_hash(['contact_id', 'updated_at', 'extra']) }} as record_key,
        extract_date
    from {{ ref('stg_contacts') }}
    where profile_id is not null and extra is not null and extract_date >= {{ first_unread() }}
),

{# Many CRMs export everybody every night: what is sent again unchanged is not taken apart. #}
further as (
    select records.* exclude (extra), {{ json_pairs('records.extra') }} as pair
    from records
    {%- if is_incremental() %}
    where not exists (
        select 1 from {{ this }} as earlier
        where earlier.record_key = records.record_key
            and earlier.known_from_date < {{ first_unread() }}
    )
    {%- endif %}
),

{# An address that could not be read is no attribute. #}
from_contacts as (
    select
        {{ row_hash(["'contacts'", 'contact_id', 'name', 'value', 'updated_at']) }}
            as attribute_key,
        profile_id,
        cast(null as varchar) as hashed_email,
        name,
        value,
        cast(null as varchar) as provider,
        'contacts' as found_in,
        record_key,
        updated_at as observed_at,
        extract_date
    from (
        select
            contact_id, profile_id, updated_at, record_key, extract_date,
            lower({{ pair_key('pair') }}) as name,
            trim({{ pair_value('pair') }}) as value
        from further
    ) as pairs
    where value <> '' and name not in ('invalid_email', 'invalid_phone')
),

staged as (
    select
        * exclude (extract_date),
        {{ shop_date('observed_at') }} as observed_date,
        extract_date as known_from_date
    from (select * from said union all select * from from_contacts) as told
),

{{ first_seen('staged', 'attribute_key') }}

select * exclude (sighting) from first_seen
