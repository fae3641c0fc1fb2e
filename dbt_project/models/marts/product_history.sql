{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='product_id',
    pre_hook="{{ forget_since() }}",
) }}
{% set columns = [
    'product_id', 'name', 'category', 'subcategory', 'brand', 'price', 'unit_margin', 'is_active'
] %}

with staged as (
    select
        * exclude (extract_date, is_active),
        coalesce(is_active, true) as is_active,
        extract_date as known_from_date,
        {{ row_hash(columns[1:]) }} as row_hash
    from {{ ref('stg_products') }}
    where extract_date >= {{ first_unread() }}
),

{# The category of an old order's product is the first one ever known of it. #}
{{ history(
    'staged', 'product_id', columns, "timestamp '0001-01-02'", shop_midnight('known_from_date')
) }}

select * from history
