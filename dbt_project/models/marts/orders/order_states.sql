{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_changed('order_id', 'changed_orders') }}",
) }}
{# Days lie together, so that who reads the last ones skips the others. #}
with dates as (
    select {{ as_of() }} as at_date
),

{{ orders_as_known('dates', among=ref('changed_orders')) }},

line_sums as (
    select
        kept_orders.order_id,
        bool_or(products.unit_margin is null) as is_margin_unknown,
        sum({{ line_margin('lines', 'products', 'kept_orders.exchange_rate') }}) as margin_amount,
        sum(cast(lines.discount_amount * kept_orders.exchange_rate as decimal(18, 4)))
            filter (where not lines.is_return) as discount_amount
    from {{ ref('order_line_history') }} as lines
    inner join kept_orders on kept_orders.order_id = lines.order_id
    left join {{ ref('product_history') }} as products
        on products.product_id = lines.product_id
        and {{ on_day('products', 'kept_orders.ordered_date') }}
    where {{ known_at('lines') }}
        and coalesce(lines.occurred_date < kept_orders.at_date, true)
    group by 1
)

select
    kept_orders.at_date as as_of,
    {{ cut() }} as extract_cut,
    kept_orders.order_id,
    map.customer_id,
    kept_orders.profile_id,
    kept_orders.ordered_at,
    kept_orders.ordered_date,
    kept_orders.status,
    kept_orders.is_kept,
    kept_orders.channel,
    kept_orders.currency,
    kept_orders.exchange_rate,
    kept_orders.total_amount,
    kept_orders.discount_amount,
    kept_orders.returned_lines_count,
    kept_orders.returned_amount,
    kept_orders.net_amount,
    {# A discount that no line carries lessens the margin as well. #}
    case when not line_sums.is_margin_unknown then cast(
        line_sums.margin_amount - greatest(
            coalesce(kept_orders.discount_amount, 0) - coalesce(line_sums.discount_amount, 0), 0
        ) as decimal(18, 4)
    ) end as margin_amount,
    kept_orders.coupon_code,
    kept_orders.store_id
from kept_orders
left join line_sums on line_sums.order_id = kept_orders.order_id
left join {{ ref('identity_map') }} as map
    on map.as_of = kept_orders.at_date and map.profile_id = kept_orders.profile_id
order by kept_orders.ordered_date
