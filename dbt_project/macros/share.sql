{# A ratio of two exact sums, divided and rounded once; NULL where there is nothing to divide. #}
{% macro share(part, whole) -%}
    round(cast({{ part }} as double) / nullif(cast({{ whole }} as double), 0), 4)
{%- endmacro %}
