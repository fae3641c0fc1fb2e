-- One row per order; carts that nobody has placed yet are none. `total` includes tax and shipping,
-- after discounts; the discount and the shipping are net of tax. Words of plugins stay as they are.
select
    id as order_id,
    date_created_gmt || 'Z' as ordered_at,
    date_modified_gmt || 'Z' as updated_at,
    case status
        when 'on-hold' then 'pending'
        when 'processing' then 'paid'
        when 'failed' then 'cancelled'
        when 'trash' then 'cancelled'
        else status
    end as status,
    total as total_amount,
    currency,
    discount_total as discount_amount,
    shipping_total as shipping_amount,
    total_tax as tax_amount,
    coupon_lines ->> '$[0].code' as coupon_code,
    nullif(customer_id, '0') as contact_id, -- 0: a guest
    "billing.email" as email,
    "billing.phone" as phone,
    case when created_via in ('checkout', 'store-api') then 'web' end as channel,
    _line
from records
where status is null or status not in ('checkout-draft', 'auto-draft')
