{# What a line is worth in the shop's currency, less its discount; of a return both are negative. #}
{% macro line_amount(lines, exchange_rate) -%}
    cast(
        cast({{ lines }}.quantity * {{ lines }}.unit_price - coalesce({{ lines }}.discount_amount, 0)
            as decimal(18, 4)) * {{ exchange_rate }}
        as decimal(18, 4)
    )
{%- endmacro %}

{# What is left of that after the cost of its units: the product's list price less its margin, so that
   who sells below the list price earns as much less. Where no list price is known, it was sold at
   it. NULL without a margin. `products` is the version of the day of the order. #}
{% macro line_margin(lines, products, exchange_rate) -%}
    cast(
        {{ line_amount(lines, exchange_rate) }}
        - {{ lines }}.quantity * (
            coalesce(
                {{ products }}.price,
                cast({{ lines }}.unit_price * {{ exchange_rate }} as decimal(18, 4))
            )
            - {{ products }}.unit_margin
        )
        as decimal(18, 4)
    )
{%- endmacro %}

{# The version of a product that was valid on a day in the shop. #}
{% macro on_day(alias, day) -%} {{ valid_at(alias, '(' ~ day ~ ' + 1)') }} {%- endmacro %}
