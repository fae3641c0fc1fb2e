{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='campaign_id',
    pre_hook="{{ forget_since() }}",
) }}
{% set columns = [
    'campaign_id', 'name', 'channel', 'starts_at', 'ends_at', 'theme', 'category', 'offer_type',
    'offer_rate', 'coupon_code', 'cost_per_contact', 'capacity', 'audience', 'status'
] %}

with staged as (
    select
        * exclude (extract_date),
        extract_date as known_from_date,
        {{ row_hash(columns[1:]) }} as row_hash
    from {{ ref('stg_campaigns') }}
    where extract_date >= {{ first_unread() }}
),

{{ history(
    'staged', 'campaign_id', columns, shop_midnight('known_from_date'),
    shop_midnight('known_from_date')
) }}

select * from history
