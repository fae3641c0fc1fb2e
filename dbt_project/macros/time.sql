{# A date of the night as SQL. #}
{% macro as_of() -%} date '{{ var("as_of") }}' {%- endmacro %}

{# The last extract_date that may be read, as SQL. #}
{% macro cut() -%} date '{{ var("cut") }}' {%- endmacro %}

{# Far ahead: "until" of what nothing has superseded. #}
{% macro forever() -%} date '9999-12-31' {%- endmacro %}

{# The half-open lookback window, spelled here and nowhere else: the `days` shop dates before
   `as_of`. `column` is a shop date, so that [as_of − days, as_of) in dates is the same set of
   moments as from midnight to midnight in the shop, clock changes included. #}
{% macro in_window(column, as_of, days) -%}
    ({{ column }} >= {{ as_of }} - {{ days }} and {{ column }} < {{ as_of }})
{%- endmacro %}

{# The half-open label window [as_of, as_of + days): touches the lookback window, never overlaps. #}
{% macro in_horizon(column, as_of, days) -%}
    ({{ column }} >= {{ as_of }} and {{ column }} < {{ as_of }} + {{ days }})
{%- endmacro %}

{# A DATE's midnight in the shop as naive UTC, as the warehouse stores times. #}
{% macro shop_midnight(day) -%}
    {{ return(adapter.dispatch('shop_midnight')(day)) }}
{%- endmacro %}

{% macro default__shop_midnight(day) -%}
    ((cast({{ day }} as timestamp) at time zone '{{ var("time_zone") }}') at time zone 'UTC')
{%- endmacro %}

{% macro spark__shop_midnight(day) -%}
    to_utc_timestamp(cast({{ day }} as timestamp), '{{ var("time_zone") }}')
{%- endmacro %}

{# The shop's date of a naive UTC moment. #}
{% macro shop_date(moment) -%}
    {{ return(adapter.dispatch('shop_date')(moment)) }}
{%- endmacro %}

{% macro default__shop_date(moment) -%}
    cast(({{ moment }} at time zone 'UTC') at time zone '{{ var("time_zone") }}' as date)
{%- endmacro %}

{% macro spark__shop_date(moment) -%}
    cast(from_utc_timestamp({{ moment }}, '{{ var("time_zone") }}') as date)
{%- endmacro %}

{# Whole days from one date to a later one. #}
{% macro days_between(earlier, later) -%}
    {{ return(adapter.dispatch('days_between')(earlier, later)) }}
{%- endmacro %}

{% macro default__days_between(earlier, later) -%} ({{ later }} - {{ earlier }}) {%- endmacro %}

{% macro spark__days_between(earlier, later) -%} datediff({{ later }}, {{ earlier }}) {%- endmacro %}

{# Rows of one column `as_of` for a list of ISO dates; no row for an empty list. #}
{% macro date_rows(dates) -%}
    {%- for day in dates %}
    select date '{{ day }}' as as_of
    {%- if not loop.last %}
    union
    {%- endif %}
    {%- else %}
    select date '0001-01-01' as as_of where 1 = 0
    {%- endfor %}
{%- endmacro %}

{# Whole seconds from one moment to a later one; negative when it is the earlier. #}
{% macro seconds_between(earlier, later) -%}
    {{ return(adapter.dispatch('seconds_between')(earlier, later)) }}
{%- endmacro %}

{% macro default__seconds_between(earlier, later) -%}
    date_sub('second', {{ earlier }}, {{ later }})
{%- endmacro %}

{% macro spark__seconds_between(earlier, later) -%}
    (unix_timestamp({{ later }}) - unix_timestamp({{ earlier }}))
{%- endmacro %}

{# First day of the first month that is told month by month: tonight's is the last. #}
{% macro first_timeline_month() -%}
    {%- set today = modules.datetime.date.fromisoformat(var('as_of')) -%}
    {%- set months = today.year * 12 + today.month - var('timeline_months') -%}
    date '{{ '%04d-%02d-01' | format(months // 12, months % 12 + 1) }}'
{%- endmacro %}

{# First day of a date's month. #}
{% macro month_of(day) -%} cast(date_trunc('month', {{ day }}) as date) {%- endmacro %}
