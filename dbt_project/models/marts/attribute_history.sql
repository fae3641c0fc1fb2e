{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_since() }}",
) }}
{% set key = ['contact_id', 'email', 'name', 'value', 'observed_at', 'provider'] %}

with said as (
    select
        {{ row_hash(key) }} as attribute_key,
        profile_id,
        name,
        value,
        provider,
        'attributes' as found_in,
        observed_at,
        extract_date
    from {{ ref('stg_attributes') }}
    where profile_id is not null and extract_date >= {{ first_unread() }}
),

further as (
    select contact_id, profile_id, updated_at, extract_date, {{ json_pairs('extra') }} as pair
    from {{ ref('stg_contacts') }}
    where profile_id is not null and extra is not null and extract_date >= {{ first_unread() }}
),

{# An address that could not be read is no attribute. A contact sent again unchanged says nothing
   new. #}
from_contacts as (
    select
        {{ row_hash(["'contacts'", 'contact_id', 'name', 'value', 'updated_at']) }}
            as attribute_key,
        profile_id,
        name,
        value,
        cast(null as varchar) as provider,
        'contacts' as found_in,
        updated_at as observed_at,
        extract_date
    from (
        select
            contact_id, profile_id, updated_at, extract_date,
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
