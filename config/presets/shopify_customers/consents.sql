-- One row per customer and channel. The export says yes or no and not since when. A no is known of
-- the export's day, and dated with it. A yes may be years old: it is dated 1970, so that a refusal
-- recorded anywhere else, whenever, outweighs it. Other words stay as they are.
with customers as (
    select
        coalesce(
            nullif(ltrim(trim("Customer ID"), ''''), ''),
            'email:' || md5(nullif(lower(trim("Email")), ''))
        ) as contact_id,
        nullif(trim("Email"), '') as address,
        nullif(trim("Phone"), '') as number,
        coalesce("Accepts Email Marketing", "Accepts Marketing") as by_email,
        "Accepts SMS Marketing" as by_sms,
        _extract_date,
        _line
    from records
),

answers as (
    select
        contact_id,
        address as email,
        null as phone,
        'email' as channel,
        trim(by_email) as answer,
        _extract_date,
        _line
    from customers
    where address is not null

    union all

    select contact_id, null, number, 'sms', trim(by_sms), _extract_date, _line
    from customers
    where number is not null
)

select
    contact_id,
    email,
    phone,
    channel,
    case lower(answer) when 'yes' then 'granted' when 'no' then 'withdrawn' else answer end as status,
    case lower(answer) when 'yes' then '1970-01-01' else _extract_date end as changed_at,
    'marketing' as purpose,
    'shopify' as origin,
    _line
from answers
where nullif(answer, '') is not null
