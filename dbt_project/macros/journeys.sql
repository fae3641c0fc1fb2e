{# Days before an order in which what was done on another channel counts as its preparation. People
   who look something up buy within days; four weeks hold them and whole weeks. As many days before
   those show what the same people look at anyway. #}
{% macro journey_days() -%} 28 {%- endmacro %}

{# The last night whose looks at orders stand, as a literal: what is read again from `since` on is
   looked at anew, and so are orders that are still young. #}
{% macro last_look() -%}
    {%- set present = learnt_identity('order_journeys') -%}
    {%- if present is not none -%}
        {%- set query -%}
            select cast(coalesce(max(looked_at_date), date '0001-01-01') as varchar)
            from {{ present }} where looked_at_date < date '{{ var("since") }}'
        {%- endset -%}
        date '{{ run_query(query).columns[0].values()[0] }}'
    {%- else -%}
        date '0001-01-01'
    {%- endif -%}
{%- endmacro %}

{# pre_hook of what is told of orders: those that had not matured by then are told again. #}
{% macro forget_young_orders() -%}
    {% if is_incremental() %}
    delete from {{ this }} where matures_on_date > {{ last_look() }}
    {% endif %}
{%- endmacro %}

{# The first day that matters to the orders that are looked at, as a literal so that DuckDB can skip
   row groups. #}
{% macro first_journey_date() -%}
    {%- if execute -%}
        {%- set query -%}
            select cast(coalesce(min(ordered_date), date '9999-12-31') - 2 * {{ journey_days() }} as varchar)
            from {{ ref('journey_orders') }}
        {%- endset -%}
        date '{{ run_query(query).columns[0].values()[0] }}'
    {%- else -%}
        date '9999-12-31'
    {%- endif -%}
{%- endmacro %}

{# Whether a moment lies in the weeks before an order. `day` is its date in the shop. #}
{% macro before_order(day, moment, orders) -%}
    ({{ day }} >= {{ orders }}.ordered_date - {{ journey_days() }}
        and {{ day }} <= {{ orders }}.ordered_date
        and {{ moment }} < {{ orders }}.ordered_at)
{%- endmacro %}
