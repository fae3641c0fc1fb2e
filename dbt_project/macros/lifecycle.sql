{# How somebody buys so far, by days with an order: once, twice, or in a pace, which is the mean of the
   gaps between them. #}
{% macro order_band(order_days, first_date, last_date) -%}
    {%- set span = days_between(first_date, last_date) -%}
    case
        when {{ order_days }} = 1 then 'one'
        when {{ order_days }} = 2 then 'two'
        when {{ span }} < 30 * ({{ order_days }} - 1) then 'every_30_days'
        when {{ span }} < 60 * ({{ order_days }} - 1) then 'every_60_days'
        when {{ span }} < 120 * ({{ order_days }} - 1) then 'every_120_days'
        else 'rarer'
    end
{%- endmacro %}

{# The gaps between days with an order, of rows with gap_days: how many, and the sums from which their
   mean and standard deviation follow. #}
{% macro gap_sums() -%}
    count(gap_days) as gaps_count,
    cast(sum(gap_days) as bigint) as gaps_days,
    cast(sum(gap_days * gap_days) as bigint) as gaps_squared_days
{%- endmacro %}

{# Where most orders are placed, as far as it says how soon somebody comes back. #}
{% macro channel_group(channel) -%}
    case when {{ channel }} in ('web', 'app') then 'online' when {{ channel }} = 'store' then 'store'
        else 'other' end
{%- endmacro %}

{# The smallest of the values that this share of them does not exceed: one of them, never between. #}
{% macro quantile(column, share) -%}
    {{ return(adapter.dispatch('quantile')(column, share)) }}
{%- endmacro %}

{% macro duckdb__quantile(column, share) -%} quantile_disc({{ column }}, {{ share }}) {%- endmacro %}

{% macro spark__quantile(column, share) -%}
    percentile_disc({{ share }}) within group (order by {{ column }})
{%- endmacro %}
