{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_touched_sessions() }}",
) }}
{% set spans = ref('web_session_spans') %}
{% set session = ['visitor_id', 'session_id', 'session_number'] %}
{% set in_order = row_order(['occurred_at', 'event_id']) %}

with events as (
    select events.*
    from {{ ref('web_events') }} as events
    {%- if is_incremental() %}
    inner join {{ spans }} as spans
        on spans.visitor_id = events.visitor_id
        and spans.session_id is not distinct from events.session_id
        and events.occurred_at >= spans.from_at
        and events.occurred_at <= spans.until_at
    {%- endif %}
    where events.is_allowed
        {%- if is_incremental() %}
        and events.occurred_at >= {{ earliest('from_at', spans) }}
        {%- endif %}
),

{# Nearly every session that the tool names is short: only the others are looked at for pauses. #}
long_sessions as (
    select visitor_id, session_id
    from events
    where session_id is not null
    group by 1, 2
    having {{ seconds_between('min(occurred_at)', 'max(occurred_at)') }}
        >= {{ session_pause_seconds('session_id') }}
),

paused as (
    select
        events.*,
        coalesce(
            {{ seconds_between(
                'lag(events.occurred_at) over visitor_events', 'events.occurred_at'
            ) }} >= {{ session_pause_seconds('events.session_id') }},
            true
        ) as is_start
    from events
    left join long_sessions
        on long_sessions.visitor_id = events.visitor_id
        and long_sessions.session_id = events.session_id
    where events.session_id is null or long_sessions.session_id is not null
    window visitor_events as (
        partition by events.visitor_id, events.session_id
        order by events.occurred_at, events.event_id
    )
),

numbered as (
    select
        * exclude (is_start),
        sum(cast(is_start as integer)) over (
            partition by visitor_id, session_id order by occurred_at, event_id
            rows between unbounded preceding and current row
        ) as session_number
    from paused
    union all
    select events.*, 0 as session_number
    from events
    left join long_sessions
        on long_sessions.visitor_id = events.visitor_id
        and long_sessions.session_id = events.session_id
    where events.session_id is not null and long_sessions.session_id is null
),

categories as (
    select {{ session | join(', ') }}, category, count(*) as views_count
    from numbered
    where event_name = 'product_view' and category is not null
    group by all
),

main_categories as (
    select
        {{ session | join(', ') }},
        max_by(category, {{ row_order(['views_count', 'category']) }}) as main_category
    from categories
    group by all
),

sessions as (
    select
        {{ session | join(', ') }},
        min(occurred_at) as started_at,
        max(occurred_at) as ended_at,
        count(*) as events_count,
        {%- for event, column in {
            'page_view': 'page_views_count', 'product_view': 'product_views_count',
            'search': 'searches_count', 'add_to_cart': 'carts_count',
            'remove_from_cart': 'cart_removals_count', 'begin_checkout': 'checkouts_count',
            'purchase': 'purchases_count', 'sign_in': 'sign_ins_count',
            'app_activity': 'app_activities_count', 'store_locator': 'store_locators_count'
        }.items() %}
        count(*) filter (where event_name = '{{ event }}') as {{ column }},
        {%- endfor %}
        min_by(page, {{ in_order }}) filter (where page is not null) as entry_page,
        {%- for column in ['source', 'medium', 'campaign'] %}
        min_by(coalesce({{ column }}, ''), {{ in_order }}) filter (
            where source is not null or medium is not null or campaign is not null
        ) as {{ column }},
        {%- endfor %}
        min_by(device, {{ in_order }}) filter (where device is not null) as device,
        min_by(order_id, {{ in_order }}) filter (
            where event_name = 'purchase' and order_id is not null
        ) as order_id,
        bool_or(contact_id is not null or event_name = 'sign_in') as is_signed_in,
        max(known_from_date) as known_from_date
    from numbered
    group by {{ session | join(', ') }}
)

select
    {{ row_hash(['sessions.visitor_id', 'sessions.session_id', 'sessions.started_at']) }}
        as session_key,
    sessions.visitor_id,
    'visitor:' || sessions.visitor_id as profile_id,
    sessions.session_id,
    sessions.started_at,
    {{ shop_date('sessions.started_at') }} as session_date,
    sessions.ended_at,
    {{ seconds_between('sessions.started_at', 'sessions.ended_at') }} as duration_seconds,
    sessions.events_count,
    sessions.page_views_count,
    sessions.product_views_count,
    sessions.searches_count,
    sessions.carts_count,
    sessions.cart_removals_count,
    sessions.checkouts_count,
    sessions.purchases_count,
    sessions.sign_ins_count,
    sessions.app_activities_count,
    sessions.store_locators_count,
    sessions.entry_page,
    nullif(sessions.source, '') as source,
    nullif(sessions.medium, '') as medium,
    nullif(sessions.campaign, '') as campaign,
    sessions.device,
    main_categories.main_category,
    sessions.order_id,
    sessions.is_signed_in,
    sessions.known_from_date
from sessions
left join main_categories
    on main_categories.visitor_id = sessions.visitor_id
    and main_categories.session_id is not distinct from sessions.session_id
    and main_categories.session_number = sessions.session_number
