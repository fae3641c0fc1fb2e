{# What the night could read of each entity, and how old it is. #}
{% set moments = {
    'contacts': 'updated_at', 'consents': 'changed_at', 'products': none, 'stores': none,
    'stock': 'observed_at', 'orders': 'ordered_at', 'order_lines': none,
    'web_events': 'occurred_at', 'campaigns': none, 'campaign_aliases': none,
    'campaign_sends': 'sent_at', 'campaign_events': 'occurred_at', 'subscriptions': none,
    'attributes': 'observed_at', 'exclusions': none, 'exchange_rates': none,
    'erasure_requests': 'requested_at'
} %}

{# An extract in which nothing has changed leaves no record, but was read. #}
with extracts_read as (
    select entity, max(extract_date) as last_extract_date
    from {{ source('ops', 'books') }}
    where extract_date <= {{ cut() }} and records_read > quarantined
    group by 1
),

extracts as (
    {%- for entity, moment in moments.items() %}
    select
        '{{ entity }}' as entity,
        max(extract_date) as last_extract_date,
        count(*) as records_count,
        {{ 'max(' ~ moment ~ ')' if moment else 'cast(null as timestamp)' }} as last_event_at
    from {{ source('raw', entity) }}
    where extract_date <= {{ cut() }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

dated as (
    select
        extracts.* exclude (last_extract_date),
        greatest(extracts.last_extract_date, extracts_read.last_extract_date) as last_extract_date
    from extracts
    left join extracts_read on extracts_read.entity = extracts.entity
)

select
    {{ as_of() }} as as_of,
    entity,
    last_extract_date,
    records_count,
    last_event_at,
    {{ days_between('last_extract_date', as_of()) }} as age_days
from dated
