{# Schemas are called exactly as configured, without the profile's schema as a prefix: other rooms
   and the analysts' file name them. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name or target.schema }}
{%- endmacro %}
