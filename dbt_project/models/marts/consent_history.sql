{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_since() }}",
) }}
{% set key = ['contact_id', 'email', 'phone', 'channel', 'status', 'changed_at', 'purpose'] %}

with staged as (
    select
        {{ row_hash(key) }} as consent_key,
        profile_id,
        contact_id,
        email,
        phone,
        channel,
        coalesce(purpose, 'marketing') as purpose,
        status,
        changed_at,
        {{ shop_date('changed_at') }} as changed_date,
        origin,
        extract_date as known_from_date
    from {{ ref('stg_consents') }}
    where profile_id is not null and extract_date >= {{ first_unread() }}
),

{{ first_seen('staged', 'consent_key') }}

select * exclude (sighting) from first_seen
