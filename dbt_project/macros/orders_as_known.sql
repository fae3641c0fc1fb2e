{# CTEs `kept_orders`: one row per date of `dates` (one column, at_date) and order placed before it:
   the version valid at that date, whether it counts as kept, and its money after the returns that
   had happened by then. `among`: a table of the orders that are asked for, else all. #}
{% macro orders_as_known(dates, among=none) %}
valid_orders as (
    select
        dates.at_date,
        orders.order_id,
        orders.profile_id,
        orders.ordered_at,
        orders.ordered_date,
        orders.status,
        {{ is_kept_at('orders', 'dates.at_date') }} as is_kept,
        orders.channel,
        orders.coupon_code,
        orders.store_id,
        orders.currency,
        orders.exchange_rate,
        orders.total_amount,
        orders.discount_amount,
        orders.known_from_date
    from {{ ref('order_history') }} as orders
    inner join {{ dates }} as dates
        on orders.ordered_date < dates.at_date and {{ valid_at('orders', 'dates.at_date') }}
    {%- if among %}
    where orders.order_id in (select order_id from {{ among }})
    {%- endif %}
),

{# A return without a date of its own: with its order, or the day before the extract that brought
   it. #}
return_lines as (
    select
        lines.order_id,
        lines.quantity,
        lines.unit_price,
        lines.version_number,
        lines.known_from_date,
        coalesce(lines.occurred_date, lines.known_from_date - 1) as returned_date,
        lines.occurred_date is null as is_undated
    from {{ ref('order_line_history') }} as lines
    where lines.is_return and {{ known_at('lines') }}
        {%- if among %}
        and lines.order_id in (select order_id from {{ among }})
        {%- endif %}
),

first_known_orders as (
    select order_id, min(known_from_date) as first_known_date
    from {{ ref('order_history') }}
    where order_id in (select order_id from return_lines where is_undated)
    group by 1
),

returned as (
    select
        valid_orders.at_date,
        valid_orders.order_id,
        count(*) as returned_lines_count,
        sum(cast(-return_lines.quantity * return_lines.unit_price as decimal(18, 4)))
            as amount_in_order_currency
    from return_lines
    inner join valid_orders on valid_orders.order_id = return_lines.order_id
    left join first_known_orders on first_known_orders.order_id = return_lines.order_id
    where return_lines.returned_date < valid_orders.at_date
        or (
            return_lines.is_undated
            and return_lines.known_from_date = first_known_orders.first_known_date
        )
    group by 1, 2
),

kept_orders as (
    select
        valid_orders.*,
        coalesce(returned.returned_lines_count, 0) as returned_lines_count,
        cast(
            coalesce(returned.amount_in_order_currency, 0) * valid_orders.exchange_rate
            as decimal(18, 4)
        ) as returned_amount,
        cast(
            valid_orders.total_amount
            - coalesce(returned.amount_in_order_currency, 0) * valid_orders.exchange_rate
            as decimal(18, 4)
        ) as net_amount
    from valid_orders
    left join returned
        on returned.at_date = valid_orders.at_date and returned.order_id = valid_orders.order_id
)
{% endmacro %}
