{# Rows that share their key. `since`: a column by which only what this run wrote is looked at, so
   that the test costs as much as the day: `as_of`, or a date that this run begins anew from. #}
{% test unique_key(model, columns, since=none) %}
select {{ columns | join(', ') }}, count(*) as copies
from {{ model }}
{%- if since == 'as_of' %}
where as_of in (
    select as_of from ({{ date_rows(var('as_ofs') + [var('as_of')]) }}) as asked
)
{%- elif since %}
where {{ since }} >= date '{{ var("since") }}'
{%- endif %}
group by {{ columns | join(', ') }}
having count(*) > 1
{% endtest %}
