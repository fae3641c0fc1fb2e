-- One row per line item. A line without SKU (a tip, a custom item) goes by its name.
select
    "Name" as order_id,
    cast(row_number() over (partition by "Name" order by _line) as varchar) as line_number,
    coalesce(nullif(trim("Lineitem sku"), ''), "Lineitem name") as product_id,
    "Lineitem quantity" as quantity,
    "Lineitem price" as unit_price,
    "Lineitem discount" as discount_amount,
    _line
from records
where nullif(trim("Lineitem name"), '') is not null
