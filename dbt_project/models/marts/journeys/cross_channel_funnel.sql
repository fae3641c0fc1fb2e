{# Each step: its name, what is counted, whose rows are read, and which of them. #}
{% set steps = [
    ('visitors', 'browsers', 'visits', 'true'),
    ('identified_visitors', 'browsers', 'visits', 'customer_id is not null'),
    ('visiting_customers', 'customers', 'visits', 'customer_id is not null'),
    ('product_viewers', 'customers', 'visits', 'product_views_count > 0'),
    ('cart_users', 'customers', 'visits', 'carts_count > 0'),
    ('store_locator_users', 'customers', 'visits', 'store_locators_count > 0'),
    ('online_buyers', 'customers', 'purchases', "channel in ('web', 'app')"),
    ('click_and_collect_buyers', 'customers', 'purchases', 'is_click_and_collect'),
    ('store_then_online_buyers', 'customers', 'purchases', 'has_store_purchase_of_category_before'),
    ('store_buyers', 'customers', 'purchases', "channel = 'store'"),
    (
        'store_buyers_with_a_known_browser', 'customers', 'purchases',
        "channel = 'store' and has_known_browser"
    ),
    ('researched_store_buyers', 'customers', 'purchases', 'is_researched_online'),
] %}

with map as (
    select profile_id, customer_id from {{ ref('identity_map') }} where as_of = {{ as_of() }}
),

visits as (
    select
        {{ month_of('visits.visit_date') }} as month,
        visits.profile_id,
        map.customer_id,
        sum(visits.product_views_count) as product_views_count,
        sum(visits.carts_count) as carts_count,
        sum(visits.store_locators_count) as store_locators_count
    from {{ ref('web_visits') }} as visits
    left join map on map.profile_id = visits.profile_id
    where visits.events_count > 0
        and visits.known_from_date <= {{ cut() }}
        and visits.visit_date >= {{ first_timeline_month() }}
        and visits.visit_date < {{ as_of() }}
    group by 1, 2, 3
),

purchases as (
    select {{ month_of('ordered_date') }} as month, *
    from {{ ref('purchase_journeys') }}
    where ordered_date >= {{ first_timeline_month() }}
),

months as (
    select distinct month from visits
    union
    select distinct month from purchases
),

counted as (
    {%- for step, unit, rows, condition in steps %}
    select
        month,
        cast({{ loop.index }} as integer) as step_number,
        count(distinct {{ 'profile_id' if unit == 'browsers' else 'customer_id' }}) as people_count
    from {{ rows }}
    where {{ condition }}
    group by 1
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

steps as (
    {%- for step, unit, rows, condition in steps %}
    select
        cast({{ loop.index }} as integer) as step_number,
        '{{ step }}' as step,
        '{{ unit }}' as unit
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)

select
    {{ as_of() }} as as_of,
    months.month,
    steps.step_number,
    steps.step,
    steps.unit,
    coalesce(counted.people_count, 0) as people_count
from months
cross join steps
left join counted on counted.month = months.month and counted.step_number = steps.step_number
