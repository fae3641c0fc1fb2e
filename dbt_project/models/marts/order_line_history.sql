{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='order_line_key',
    pre_hook="{{ forget_since() }}",
) }}
{% set columns = [
    'order_line_key', 'order_id', 'line_number', 'product_id', 'quantity', 'unit_price',
    'discount_amount', 'occurred_at'
] %}

with staged as (
    select
        order_id || '|' || cast(line_number as varchar) as order_line_key,
        * exclude (extract_date),
        extract_date as known_from_date,
        {{ row_hash(columns[3:]) }} as row_hash
    from {{ ref('stg_order_lines') }}
    where extract_date >= {{ first_unread() }}
),

{# A line is valid from its order on; a later version from the night that brought it. #}
{{ history(
    'staged', 'order_line_key', columns, "timestamp '0001-01-02'", shop_midnight('known_from_date')
) }}

select
    *,
    quantity < 0 as is_return,
    {{ shop_date('occurred_at') }} as occurred_date
from history
