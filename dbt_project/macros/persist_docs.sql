{# Descriptions of a table or view and of its columns, as comments in one statement. Contracts are
   enforced, so that the columns need not be asked for, as dbt does, twice. #}
{% macro duckdb__persist_docs(relation, model, for_relation, for_columns) %}
  {% set comments %}
    {{ alter_relation_comment(relation, model.description) if model.description }}
    {% for column in model.columns.values() if column.description %}
    comment on column {{ relation }}.{{ column.name }} is {{ duckdb_escape_comment(column.description) }};
    {% endfor %}
  {% endset %}
  {% if comments | trim %}{% do run_query(comments) %}{% endif %}
{% endmacro %}
