"""The queries that make each entity's extract from the package's tables.

What the source means, found in the data:

- Transaction times are UTC and the grocer's days are New York's: only then does every coupon
  redemption fall on a day on which its household bought.
- `sales_value` is what the grocer received: after the loyalty price and the grocer's own coupon
  match, with manufacturers' coupons, which are paid back, still in it.
- A quantity of 0 is a coupon handed in, not a thing bought: 8,869 lines, $12.52 in all. Baskets
  keep the money, the lines are left out.
- Gasoline is counted in thousandths of a gallon.
"""

TIME_ZONE = "America/New_York"

VIEWS = f"""
create view lines as
    select
        t.*,
        retail_disc + coupon_match_disc as off,
        transaction_timestamp as sold_at,
        (transaction_timestamp at time zone 'UTC' at time zone '{TIME_ZONE}')::date as sold_on,
        case
            when quantity > 60 and product_type like 'GASOLINE%' then quantity / 1000.0
            else quantity
        end as units
    from transactions as t
    left join products as p using (product_id)
    where household_id in (select household_id from households);

-- A household's redemptions of a day belong to its basket with the largest coupon discount.
create view redemptions as
    with baskets as (
        select
            household_id,
            basket_id,
            sold_on,
            row_number() over (
                partition by household_id, sold_on order by sum(coupon_disc) desc, basket_id
            ) as place
        from lines
        group by household_id, basket_id, sold_on
    )
    select basket_id, min(campaign_id) as campaign_id
    from coupon_redemptions as r
    inner join baskets
        on baskets.household_id = r.household_id
        and baskets.sold_on = r.redemption_date::date
        and baskets.place = 1
    group by basket_id;

create view sends as
    select campaign_id, household_id, start_date::date as sent_on
    from campaigns
    inner join campaign_descriptions using (campaign_id)
    where household_id in (select household_id from households);

create view first_seen as
    select household_id, min(seen_on) as seen_on
    from (
        select household_id, sold_on as seen_on from lines
        union all
        select household_id, sent_on from sends
    )
    group by all;
"""

# Entity → its file and the query for the days in [$since, $until), shop time.
EXTRACTS = {
    "contacts.csv": """
        select
            household_id, seen_on as first_seen, age, income, home_ownership, marital_status,
            household_size, household_comp, kids_count
        from first_seen
        left join demographics using (household_id)
        where seen_on >= $since and seen_on < $until
        order by household_id
    """,
    "orders.csv": """
        select
            basket_id,
            household_id,
            store_id,
            sold_at,
            sum(sales_value::decimal(18, 2)) as sales_value,
            sum(off::decimal(18, 2)) as discount,
            'CJ' || any_value(redemptions.campaign_id) as coupon
        from lines
        left join redemptions using (basket_id)
        where sold_on >= $since and sold_on < $until
        group by basket_id, household_id, store_id, sold_at
        order by basket_id
    """,
    "order_lines.parquet": """
        select
            basket_id,
            row_number() over (partition by basket_id order by product_id) as line,
            product_id,
            units::decimal(18, 3) as units,
            ((sales_value + off) / units)::decimal(18, 4) as shelf_price,
            off::decimal(18, 2) as discount
        from lines
        where quantity > 0 and sold_on >= $since and sold_on < $until
        order by basket_id, line
    """,
    "products.parquet": """
        select
            product_id,
            coalesce(product_type, product_category, department)
                || coalesce(', ' || package_size, '') as name,
            coalesce(product_category, department) as category,
            product_type as subcategory,
            brand
        from products
        order by product_id
    """,
    "stores.csv": """
        select distinct store_id from lines
        where sold_on >= $since and sold_on < $until
        order by store_id
    """,
    "campaigns.csv": """
        select
            campaign_id,
            campaign_type || ', campaign ' || campaign_id as name,
            campaign_type,
            strftime(start_date, '%Y-%m-%d %H:%M:%S') as starts,
            strftime(end_date + interval 1 day, '%Y-%m-%d %H:%M:%S') as ends,
            'CJ' || campaign_id as coupon
        from campaign_descriptions
        where start_date::date <= $until
        order by campaign_id
    """,
    "campaign_sends.csv": """
        select campaign_id, household_id, sent_on
        from sends
        where sent_on >= $since and sent_on < $until
        order by campaign_id, household_id
    """,
}
