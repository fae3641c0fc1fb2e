with known as (
    select
        product_id,
        coalesce(store_id, '') as store_id,
        observed_at,
        quantity,
        extract_date,
        row_number() over (
            partition by product_id, coalesce(store_id, '')
            order by observed_at desc, extract_date desc
        ) as recency
    from {{ ref('stg_stock') }}
    where extract_date <= {{ cut() }} and observed_at < {{ shop_midnight(as_of()) }}
)

select
    {{ as_of() }} as as_of,
    product_id,
    store_id,
    quantity,
    observed_at,
    {{ days_between(shop_date('observed_at'), as_of()) }} as age_days
from known
where recency = 1
