{# What a trace of so many days ago still counts: half after each half-life. DECIMAL, so that sums do
   not depend on their order. #}
{% macro decay(age_days, half_life_days) -%}
    cast(power(0.5, {{ age_days }} / {{ half_life_days }}.0) as decimal(18, 8))
{%- endmacro %}
