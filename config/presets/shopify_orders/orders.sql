-- One row per order. `Total` includes tax and shipping, after discounts; refunds are not taken off.
with numbered as (
    select *, row_number() over (partition by "Name" order by _line) as place
    from records
)

select
    "Name" as order_id,
    "Created at" as ordered_at,
    "Cancelled at" as cancelled_at,
    -- Shopify has two states, of the payment and of the parcel; a word that is none of its payment
    -- states stays as it is.
    case
        when nullif(trim("Cancelled at"), '') is not null then 'cancelled'
        when lower("Financial Status") in ('voided', 'expired') then 'cancelled'
        when lower("Financial Status") = 'refunded' then 'refunded'
        when lower("Financial Status") not in (
            'pending', 'authorized', 'partially_paid', 'paid', 'partially_refunded'
        ) then "Financial Status"
        when lower("Fulfillment Status") = 'fulfilled' then 'shipped'
        when lower("Financial Status") in ('paid', 'partially_refunded') then 'paid'
        when "Financial Status" is not null then 'pending'
    end as status,
    "Total" as total_amount,
    "Currency" as currency,
    "Discount Amount" as discount_amount,
    "Shipping" as shipping_amount,
    "Taxes" as tax_amount,
    "Discount Code" as coupon_code,
    "Email" as email,
    "Phone" as phone,
    -- Beside these two, `Source` holds names and numbers of apps, which say no channel.
    case lower("Source") when 'web' then 'web' when 'pos' then 'store' end as channel,
    case when lower("Source") = 'pos' then "Location" end as store_id,
    _line
from numbered
where place = 1 or "Name" is null
