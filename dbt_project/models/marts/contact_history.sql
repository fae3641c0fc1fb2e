{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='contact_id',
    pre_hook="{{ forget_since() }}",
) }}
{% set columns = [
    'contact_id', 'profile_id', 'updated_at', 'created_at', 'email', 'phone', 'first_name',
    'last_name', 'birth_date', 'gender', 'postal_code', 'city', 'country', 'language',
    'loyalty_id', 'loyalty_tier', 'acquisition_source', 'is_deleted'
] %}

with staged as (
    select
        * exclude (extract_date, is_deleted, extra),
        coalesce(is_deleted, false) as is_deleted,
        extract_date as known_from_date,
        {{ row_hash(columns[3:]) }} as row_hash
    from {{ ref('stg_contacts') }}
    where contact_id is not null and extract_date >= {{ first_unread() }}
),

{{ history('staged', 'contact_id', columns, 'updated_at', 'updated_at') }}

select
    *,
    {{ shop_date('created_at') }} as created_date
from history
