with recent as (
    select *
    from {{ ref('customer_orders') }}
    where {{ in_window('ordered_date', 'as_of', 365) }}
),

baskets as (
    select
        as_of,
        customer_id,
        count(*) filter (where is_kept) as kept_count,
        count(*) filter (where not is_kept) as cancelled_orders_count_365d,
        count(*) filter (where is_kept and channel = 'store') as store_count,
        count(*) filter (where is_kept and channel in ('web', 'app')) as online_count,
        count(distinct channel) filter (where is_kept) as channels_count_365d,
        count(*) filter (where is_kept and coupon_code is not null) as coupon_orders_count_365d,
        count(*) filter (where is_kept and returned_lines_count > 0) as returns_count_365d,
        sum(total_amount) filter (where is_kept) as total_amount,
        sum(coalesce(discount_amount, 0)) filter (where is_kept) as discount_amount,
        sum(returned_amount) filter (where is_kept) as returned_amount
    from recent
    group by 1, 2
),

bought_lines as (
    select
        recent.as_of,
        recent.customer_id,
        products.category,
        lines.quantity
    from {{ ref('order_line_history') }} as lines
    inner join recent on recent.order_id = lines.order_id and recent.is_kept
    left join {{ ref('product_history') }} as products
        on products.product_id = lines.product_id and {{ valid_at('products', 'recent.as_of') }}
    where not lines.is_return and {{ valid_at('lines', 'recent.as_of') }}
),

categories as (
    select as_of, customer_id, category, count(*) as lines_count, sum(quantity) as units_count
    from bought_lines
    group by 1, 2, 3
),

tastes as (
    select
        as_of,
        customer_id,
        sum(units_count) as units_count,
        count(category) as categories_count_365d,
        sum(lines_count) filter (where category is not null) as lines_count,
        max(lines_count) filter (where category is not null) as favourite_count,
        max_by(category, {{ row_order(['lines_count', 'category']) }})
            filter (where category is not null) as favourite_category_365d
    from categories
    group by 1, 2
)

select
    spine.as_of,
    spine.customer_id,
    coalesce(baskets.cancelled_orders_count_365d, 0) as cancelled_orders_count_365d,
    coalesce(baskets.coupon_orders_count_365d, 0) as coupon_orders_count_365d,
    coalesce(baskets.returns_count_365d, 0) as returns_count_365d,
    coalesce(baskets.channels_count_365d, 0) as channels_count_365d,
    {{ share('baskets.store_count', 'baskets.kept_count') }} as store_orders_365d_rate,
    {{ share('baskets.online_count', 'baskets.kept_count') }} as online_orders_365d_rate,
    {{ share('baskets.discount_amount', 'baskets.total_amount + baskets.discount_amount') }}
        as discount_365d_rate,
    {{ share('baskets.returned_amount', 'baskets.total_amount') }} as returned_365d_rate,
    {{ share('tastes.units_count', 'baskets.kept_count') }} as units_per_order_365d,
    coalesce(tastes.categories_count_365d, 0) as categories_count_365d,
    {{ share('tastes.favourite_count', 'tastes.lines_count') }} as favourite_category_365d_rate,
    tastes.favourite_category_365d
from {{ ref('spine') }} as spine
left join baskets
    on baskets.as_of = spine.as_of and baskets.customer_id = spine.customer_id
left join tastes
    on tastes.as_of = spine.as_of and tastes.customer_id = spine.customer_id
