{# Rows that must not be. #}
{% test no_rows_where(model, condition, since=none) %}
select *
from {{ model }}
where ({{ condition }})
{%- if since %}
    and {{ since }} >= date '{{ var("since") }}'
{%- endif %}
{% endtest %}
