-- One row per line item. WooCommerce gives totals of a line, net of tax, before and after discounts;
-- the price of one unit before discounts and the discount are made of them, tax included.
with items as (
    select id, unnest(json_extract(line_items, '$[*]')) as item, _line
    from records
    where status is null or status not in ('checkout-draft', 'auto-draft')
),

amounts as (
    select
        id,
        item,
        try_cast(item ->> '$.subtotal' as decimal(18, 6))
        + try_cast(item ->> '$.subtotal_tax' as decimal(18, 6)) as before_discount,
        try_cast(item ->> '$.total' as decimal(18, 6))
        + try_cast(item ->> '$.total_tax' as decimal(18, 6)) as after_discount,
        try_cast(item ->> '$.quantity' as decimal(18, 3)) as units,
        _line
    from items
)

select
    id as order_id,
    item ->> '$.id' as line_number,
    coalesce(
        nullif(item ->> '$.product_id', '0'), -- 0: the product was deleted since
        nullif(item ->> '$.sku', ''),
        item ->> '$.name'
    ) as product_id,
    item ->> '$.quantity' as quantity,
    cast(cast(round(before_discount / nullif(units, 0), 4) as decimal(18, 4)) as varchar) as unit_price,
    cast(cast(before_discount - after_discount as decimal(18, 4)) as varchar) as discount_amount,
    _line
from amounts
