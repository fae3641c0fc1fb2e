{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_since() }}",
) }}
{% set key = ['contact_id', 'email', 'name', 'value', 'observed_at', 'provider'] %}

with staged as (
    select
        {{ row_hash(key) }} as attribute_key,
        profile_id,
        name,
        value,
        provider,
        observed_at,
        {{ shop_date('observed_at') }} as observed_date,
        extract_date as known_from_date
    from {{ ref('stg_attributes') }}
    where profile_id is not null and extract_date >= {{ first_unread() }}
),

{{ first_seen('staged', 'attribute_key') }}

select * exclude (sighting) from first_seen
