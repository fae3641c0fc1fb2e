{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='order_id',
    pre_hook="{{ forget_since() }}",
) }}
{% set columns = [
    'order_id', 'profile_id', 'ordered_at', 'status', 'updated_at', 'cancelled_at', 'channel',
    'contact_id', 'email', 'phone', 'loyalty_id', 'visitor_id', 'currency', 'exchange_rate',
    'total_amount', 'discount_amount', 'shipping_amount', 'tax_amount', 'coupon_code', 'store_id'
] %}
{% set sent = ['ordered_at', 'status', 'cancelled_at', 'channel', 'contact_id', 'email', 'phone',
    'loyalty_id', 'visitor_id', 'currency', 'total_amount', 'discount_amount', 'shipping_amount',
    'tax_amount', 'coupon_code', 'store_id'] %}
{% set amounts = ['total_amount', 'discount_amount', 'shipping_amount', 'tax_amount'] %}

with received as (
    select
        *,
        coalesce(currency, '{{ var("currency") }}') as order_currency,
        {{ row_hash(sent) }} as row_hash
    from {{ ref('stg_orders') }}
    where extract_date >= {{ first_unread() }}
),

{# Worth of one unit of the foreign currency in the shop's: the latest rate of the order's day or
   before, among those that had arrived with the order. #}
rates as (
    select
        received.order_id,
        received.extract_date,
        max_by(
            rates.rate,
            {{ row_order(['rates.date', 'rates.extract_date']) }}
        ) as exchange_rate
    from received
    inner join {{ ref('stg_exchange_rates') }} as rates
        on rates.currency = received.order_currency
        and rates.date <= {{ shop_date('received.ordered_at') }}
        and rates.extract_date <= received.extract_date
    where received.order_currency <> '{{ var("currency") }}'
    group by 1, 2
),

staged as (
    select
        received.* exclude (extract_date, currency, order_currency, {{ amounts | join(', ') }}),
        received.order_currency as currency,
        cast(case
            when received.order_currency = '{{ var("currency") }}' then 1
            else rates.exchange_rate
        end as decimal(18, 6)) as exchange_rate,
        {%- for amount in amounts %}
        cast(case
            when received.order_currency = '{{ var("currency") }}' then received.{{ amount }}
            else received.{{ amount }} * rates.exchange_rate
        end as decimal(18, 4)) as {{ amount }},
        {%- endfor %}
        received.extract_date as known_from_date
    from received
    left join rates
        on rates.order_id = received.order_id and rates.extract_date = received.extract_date
),

{{ history(
    'staged', 'order_id', columns, 'ordered_at',
    'coalesce(updated_at, ' ~ shop_midnight('known_from_date') ~ ')'
) }}

select
    * exclude (ended_at),
    {{ shop_date('ordered_at') }} as ordered_date,
    {{ shop_date('ended_at') }} as ended_date
from (
    select
        *,
        case when status in ('cancelled', 'refunded') then coalesce(cancelled_at, updated_at) end
            as ended_at
    from history
) as ended
