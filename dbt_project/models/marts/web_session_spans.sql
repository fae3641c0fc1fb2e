{% set events, earlier = ref('web_events'), earlier_sessions() %}
{% if earlier is none -%}
select
    cast(null as varchar) as visitor_id,
    cast(null as varchar) as session_id,
    cast(null as timestamp) as from_at,
    cast(null as timestamp) as until_at
where 1 = 0
{%- else -%}
{% set is_new = 'is_allowed and known_from_date >= ' ~ first_unlearnt('web_sessions') %}
{# What new extracts bring, and what was learnt from extracts that are read again: of those, a
   session may lose events. #}
with news as (
    select visitor_id, session_id, min(occurred_at) as from_at, max(occurred_at) as until_at
    from {{ events }}
    where {{ is_new }}
    group by 1, 2
    union all
    select visitor_id, session_id, started_at, ended_at
    from {{ earlier }}
    where known_from_date >= date '{{ var("since") }}'
),

spans as (
    select visitor_id, session_id, min(from_at) as from_at, max(until_at) as until_at
    from news
    group by 1, 2
),

nearby as (
    select visitor_id, session_id, started_at, ended_at
    from {{ earlier }}
    where ended_at >= least(
        {{ earliest('occurred_at', events, is_new) }},
        {{ earliest('started_at', earlier, "known_from_date >= date '" ~ var("since") ~ "'") }}
    ) - interval '1 day'
)

select
    spans.visitor_id,
    spans.session_id,
    least(spans.from_at, min(nearby.started_at)) as from_at,
    greatest(spans.until_at, max(nearby.ended_at)) as until_at
from spans
left join nearby on {{ touches_span('nearby', 'spans') }}
group by spans.visitor_id, spans.session_id, spans.from_at, spans.until_at
{%- endif %}
