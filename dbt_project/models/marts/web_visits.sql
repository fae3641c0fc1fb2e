{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_since() }}",
) }}
{# What a visitor refused to be recognised by is counted once, as refused, and nowhere else. Days lie
   together, so that who reads the last ones skips the others. #}
select
    visitor_id,
    event_date as visit_date,
    known_from_date,
    profile_id,
    count(*) filter (where is_allowed) as events_count,
    count(*) filter (where not is_allowed) as denied_events_count,
    count(distinct session_id) filter (where is_allowed) as sessions_count,
    {%- for event, column in {
        'page_view': 'page_views_count', 'product_view': 'product_views_count',
        'search': 'searches_count', 'add_to_cart': 'carts_count',
        'begin_checkout': 'checkouts_count', 'purchase': 'purchases_count',
        'sign_in': 'sign_ins_count', 'app_activity': 'app_activities_count',
        'store_locator': 'store_locators_count'
    }.items() %}
    count(*) filter (where is_allowed and event_name = '{{ event }}') as {{ column }},
    {%- endfor %}
    min(occurred_at) filter (where is_allowed) as first_event_at,
    max(occurred_at) filter (where is_allowed) as last_event_at
from {{ ref('web_events') }}
where known_from_date >= {{ first_unread() }}
group by visitor_id, event_date, known_from_date, profile_id
order by visit_date
