{# One row per key and extract_date of a raw table: the latest by `ordered_by`, then by line. Within
   one extract the rest are superseded records. `identifiers` are cleaned and make the profile. #}
{% macro staged(entity, key, columns, ordered_by=none, identifiers=[], person=true) %}
with raw_rows as (
    select * from {{ source('raw', entity) }}
),

cleaned as (
    select
        {%- for column in columns %}
        {{ clean(column) ~ ' as ' if column in identifiers }}{{ column }},
        {%- endfor %}
        {%- if 'source' not in columns %}
        source,
        {%- endif %}
        file,
        line,
        extract_date
    from raw_rows
),

ranked as (
    select
        *,
        row_number() over (
            partition by {{ key | join(', ') }}, extract_date
            order by {{ ordered_by ~ ' desc nulls last, ' if ordered_by }}line desc, file desc, source desc
        ) as recency
    from cleaned
)

select
    {%- for column in columns %}
    {{ column }},
    {%- endfor %}
    {%- if identifiers and person %}
    {{ profile_id(identifiers) }} as profile_id,
    {%- endif %}
    extract_date
from ranked
where recency = 1
{% endmacro %}
