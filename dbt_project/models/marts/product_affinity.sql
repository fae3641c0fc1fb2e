{# A purchase weighs 5, something put into the cart 3, a look 1, and half of that after each 90 days:
   of the weights tried on the simulated shop, those with which the category of the next order was
   foreseen best; others close to them do as well. A year holds four half-lives. #}
{% set weights = {'bought': 5, 'carted': 3, 'viewed': 1} %}
{% set half_life_days, window_days, most_categories = 90, 364, 10 %}

with map as (
    select profile_id, customer_id from {{ ref('identity_map') }} where as_of = {{ as_of() }}
),

{# An affinity is a score: who objects to profiling has none. #}
objectors as (
    {{ profiling_objectors('map', ['customer_id']) }}
),

viewed as (
    select
        map.customer_id,
        coalesce(products.category, views.category) as category,
        views.view_date as trace_date,
        cast(0 as bigint) as bought_count,
        sum(views.carts_count) as carted_count,
        sum(views.product_views_count) as viewed_count
    from {{ ref('web_product_views') }} as views
    inner join map on map.profile_id = views.profile_id
    left join {{ ref('product_history') }} as products
        on products.product_id = views.product_id and {{ known_at('products') }}
    where views.known_from_date <= {{ cut() }}
        and {{ in_window('views.view_date', as_of(), window_days) }}
    group by 1, 2, 3
),

bought as (
    select
        customer_id,
        category,
        ordered_date as trace_date,
        count(*) as bought_count,
        cast(0 as bigint) as carted_count,
        cast(0 as bigint) as viewed_count
    from {{ ref('order_lines') }}
    where is_kept
        and not is_return
        and customer_id is not null
        and {{ in_window('ordered_date', as_of(), window_days) }}
    group by 1, 2, 3
),

traces as (
    select * from bought
    union all
    select * from viewed
),

totals as (
    select
        customer_id,
        category,
        {%- for kind in weights %}
        sum({{ kind }}_count) as {{ kind }}_count,
        {%- endfor %}
        max(trace_date) filter (where bought_count > 0) as last_bought_date,
        max(trace_date) filter (where carted_count + viewed_count > 0) as last_viewed_date,
        sum(
            {{ decay(days_between('trace_date', as_of()), half_life_days) }} * (
                {%- for kind, weight in weights.items() %}
                {{ weight }} * {{ kind }}_count{{ ' +' if not loop.last }}
                {%- endfor %}
            )
        ) as points
    from traces
    where category is not null
    group by 1, 2
),

ranked as (
    select
        *,
        sum(points) over (partition by customer_id) as customer_points,
        row_number() over (partition by customer_id order by points desc, category) as rank
    from totals
    where points > 0
)

select
    {{ as_of() }} as as_of,
    ranked.customer_id,
    ranked.category,
    {{ share('ranked.points', 'ranked.customer_points') }} as score,
    ranked.rank,
    {%- for kind in weights %}
    cast(ranked.{{ kind }}_count as bigint) as {{ kind }}_count,
    {%- endfor %}
    ranked.last_bought_date,
    ranked.last_viewed_date
from ranked
left join objectors on objectors.customer_id = ranked.customer_id
where ranked.rank <= {{ most_categories }} and objectors.customer_id is null
