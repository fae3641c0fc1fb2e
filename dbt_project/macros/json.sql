{# One row per key of a JSON object in text, with `pair_key` and `pair_value` (text) to read it. #}
{% macro json_pairs(column) -%}
    {{ return(adapter.dispatch('json_pairs')(column)) }}
{%- endmacro %}

{% macro default__json_pairs(column) -%}
    unnest(map_entries(from_json({{ column }}, '"MAP(VARCHAR, VARCHAR)"')))
{%- endmacro %}

{% macro spark__json_pairs(column) -%}
    explode(map_entries(from_json({{ column }}, 'map<string,string>')))
{%- endmacro %}

{% macro pair_key(pair) -%} {{ pair }}.key {%- endmacro %}

{% macro pair_value(pair) -%} {{ pair }}.value {%- endmacro %}
