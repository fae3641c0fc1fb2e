{# A visitor's day, whichever extracts brought its parts. #}
with visit_days as (
    select
        map.as_of,
        map.customer_id,
        visits.visitor_id,
        visits.visit_date,
        sum(visits.product_views_count) as product_views_count,
        sum(visits.searches_count) as searches_count,
        sum(visits.carts_count) as carts_count,
        sum(visits.purchases_count) as purchases_count,
        sum(visits.sign_ins_count) as sign_ins_count,
        sum(visits.store_locators_count) as store_locators_count
    from {{ ref('web_visits') }} as visits
    inner join {{ ref('identity_map') }} as map
        on map.profile_id = visits.profile_id
        and {{ in_window('visits.visit_date', 'map.as_of', 91) }}
    where visits.known_from_date <= {{ cut() }}
        and visits.events_count > 0
        and map.as_of in (select as_of from ({{ date_rows(var('as_ofs')) }}) as wanted)
    group by 1, 2, 3, 4
),

totals as (
    select
        as_of,
        customer_id,
        max(visit_date) as last_visit_date,
        count(*) filter (where {{ in_window('visit_date', 'as_of', 7) }}) as web_visits_count_7d,
        count(*) filter (where {{ in_window('visit_date', 'as_of', 28) }}) as web_visits_count_28d,
        count(*) as web_visits_count_91d,
        sum(product_views_count) filter (where {{ in_window('visit_date', 'as_of', 7) }})
            as product_views_count_7d,
        sum(product_views_count) filter (where {{ in_window('visit_date', 'as_of', 28) }})
            as product_views_count_28d,
        sum(product_views_count) as product_views_count_91d,
        sum(searches_count) filter (where {{ in_window('visit_date', 'as_of', 28) }})
            as searches_count_28d,
        sum(carts_count) filter (where {{ in_window('visit_date', 'as_of', 28) }})
            as carts_count_28d,
        count(*) filter (
            where carts_count > 0 and purchases_count = 0
                and {{ in_window('visit_date', 'as_of', 28) }}
        ) as abandoned_carts_count_28d,
        sum(sign_ins_count) as sign_ins_count_91d,
        sum(store_locators_count) as store_locators_count_91d
    from visit_days
    group by 1, 2
)

select
    spine.as_of,
    spine.customer_id,
    {{ days_between('totals.last_visit_date', 'spine.as_of') }} as last_visit_days,
    coalesce(totals.web_visits_count_7d, 0) as web_visits_count_7d,
    coalesce(totals.web_visits_count_28d, 0) as web_visits_count_28d,
    coalesce(totals.web_visits_count_91d, 0) as web_visits_count_91d,
    {%- for column in [
        'product_views_count_7d', 'product_views_count_28d', 'product_views_count_91d',
        'searches_count_28d', 'carts_count_28d', 'abandoned_carts_count_28d', 'sign_ins_count_91d',
        'store_locators_count_91d'
    ] %}
    cast(coalesce(totals.{{ column }}, 0) as bigint) as {{ column }}{{ ',' if not loop.last }}
    {%- endfor %}
from {{ ref('spine') }} as spine
left join totals
    on totals.as_of = spine.as_of and totals.customer_id = spine.customer_id
