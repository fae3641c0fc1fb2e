{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='subscription_id',
    pre_hook="{{ forget_since() }}",
) }}
{% set columns = [
    'subscription_id', 'profile_id', 'contact_id', 'email', 'plan', 'trial_started_at',
    'trial_ends_at', 'converted_at', 'cancelled_at', 'monthly_amount'
] %}

with staged as (
    select
        * exclude (extract_date),
        extract_date as known_from_date,
        {{ row_hash(columns[2:]) }} as row_hash
    from {{ ref('stg_subscriptions') }}
    where profile_id is not null and extract_date >= {{ first_unread() }}
),

{# Its moments are told long after they happened, so each of them carries its own date: who reads a
   version compares them with the date that is asked about. #}
{{ history(
    'staged', 'subscription_id', columns,
    'coalesce(trial_started_at, converted_at, ' ~ shop_midnight('known_from_date') ~ ')',
    shop_midnight('known_from_date')
) }}

select * from history
