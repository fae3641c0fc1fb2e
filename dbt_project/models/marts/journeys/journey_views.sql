{% set is_recent = 'views.view_date >= orders.ordered_date - ' ~ journey_days() %}
{# What the customer's browsers looked at in the weeks before, and whether they did already in as many
   weeks before those. A product counts under the category that the shop's own list gives it; the web
   tool's word counts where the list has none. #}
with seen as (
    select
        orders.order_id,
        orders.looked_at_date,
        views.product_id,
        views.category,
        min(views.view_date) filter (where {{ is_recent }}) as first_view_date,
        max(views.view_date) filter (where {{ is_recent }}) as last_view_date,
        bool_or(not {{ is_recent }}) as is_seen_earlier
    from {{ ref('journey_orders') }} as orders
    inner join {{ ref('journey_profiles') }} as browsers
        on browsers.customer_id = orders.customer_id
        and browsers.looked_at_date = orders.looked_at_date
        and browsers.is_browser
    inner join {{ ref('web_product_views') }} as views
        on views.profile_id = browsers.profile_id
        and views.view_date >= orders.ordered_date - 2 * {{ journey_days() }}
        and views.view_date <= orders.ordered_date
        and views.first_viewed_at < orders.ordered_at
        and views.known_from_date <= orders.looked_at_date
    where views.view_date >= {{ first_journey_date() }}
    group by 1, 2, 3, 4
)

select
    seen.order_id,
    seen.product_id,
    coalesce(products.category, seen.category) as category,
    min(seen.first_view_date) as first_view_date,
    max(seen.last_view_date) as last_view_date,
    bool_or(seen.is_seen_earlier) as is_seen_earlier
from seen
left join {{ ref('product_history') }} as products
    on products.product_id = seen.product_id
    and {{ valid_at('products', 'seen.looked_at_date', 'seen.looked_at_date') }}
group by 1, 2, 3
