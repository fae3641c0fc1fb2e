{# Rows that share their key. `since`: a column by which only what this run wrote is looked at, so
   that the test costs as much as the day: `as_of`, or a date that this run begins anew from. Where it
   is no part of the key, what this run wrote is held against older rows, too. #}
{% test unique_key(model, columns, since=none) %}
{%- set written -%}
    {%- if since == 'as_of' -%}
        as_of in (select as_of from ({{ date_rows(var('as_ofs') + [var('as_of')]) }}) as asked)
    {%- elif since -%}
        {{ since }} >= date '{{ var("since") }}'
    {%- endif -%}
{%- endset -%}
select {{ columns | join(', ') }}, count(*) as copies
from {{ model }}
{%- if since in columns %}
where {{ written }}
{%- elif since %}
where {{ columns[0] }} in (select {{ columns[0] }} from {{ model }} where {{ written }})
{%- endif %}
group by {{ columns | join(', ') }}
having count(*) > 1
{% endtest %}
