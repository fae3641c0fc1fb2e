with maps as (
    select map.as_of, map.profile_id, map.customer_id
    from {{ ref('identity_map') }} as map
    where map.as_of in (select as_of from ({{ date_rows(var('as_ofs')) }}) as wanted)
),

{# The account's birthday is an event and so is where it came from: both are known since then. #}
accounts as (
    select
        maps.as_of,
        maps.customer_id,
        min(contacts.created_date) as account_date,
        min_by(
            contacts.acquisition_source,
            {{ row_order(['contacts.created_date', 'contacts.contact_id']) }}
        ) as acquisition_source
    from {{ ref('contact_history') }} as contacts
    inner join maps
        on maps.profile_id = contacts.profile_id and contacts.created_date < maps.as_of
    where contacts.version_number = 1 and contacts.known_from_date <= {{ cut() }}
    group by 1, 2
),

{# What can change is NULL before an extract brought it: a first extract holds the last state only,
   and whether that state is younger than `as_of` would tell who was active later. #}
versions as (
    select
        maps.as_of,
        maps.customer_id,
        contacts.loyalty_tier,
        contacts.country,
        contacts.birth_date,
        row_number() over (
            partition by maps.as_of, maps.customer_id
            order by contacts.is_deleted, contacts.valid_from desc, contacts.contact_id
        ) as recency
    from {{ ref('contact_history') }} as contacts
    inner join maps
        on maps.profile_id = contacts.profile_id and {{ valid_at('contacts', 'maps.as_of') }}
    where contacts.known_from_date <= maps.as_of
),

shown as (
    select
        dates.as_of,
        edges.profile_id,
        bool_or(edges.identifier_type = 'email') as has_email,
        bool_or(edges.identifier_type = 'phone') as has_phone
    from {{ ref('identity_edges') }} as edges
    inner join ({{ date_rows(var('as_ofs')) }}) as dates
        on edges.seen_date < dates.as_of and edges.known_from_date <= dates.as_of
    where edges.known_from_date <= {{ cut() }}
    group by 1, 2
),

addresses as (
    select
        maps.as_of,
        maps.customer_id,
        count(*) as profiles_count,
        bool_or(shown.has_email) as has_email,
        bool_or(shown.has_phone) as has_phone
    from shown
    inner join maps on maps.as_of = shown.as_of and maps.profile_id = shown.profile_id
    group by 1, 2
)

select
    spine.as_of,
    spine.customer_id,
    greatest(
        rfm.first_order_days, {{ days_between('accounts.account_date', 'spine.as_of') }}
    ) as tenure_days,
    {{ days_between('accounts.account_date', 'spine.as_of') }} as account_age_days,
    cast(floor({{ days_between('versions.birth_date', 'spine.as_of') }} / 365.25) as integer)
        as age_years,
    accounts.acquisition_source,
    versions.loyalty_tier,
    versions.country,
    addresses.has_email,
    addresses.has_phone,
    addresses.profiles_count
from {{ ref('spine') }} as spine
left join accounts
    on accounts.as_of = spine.as_of and accounts.customer_id = spine.customer_id
left join versions
    on versions.as_of = spine.as_of
    and versions.customer_id = spine.customer_id
    and versions.recency = 1
left join addresses
    on addresses.as_of = spine.as_of and addresses.customer_id = spine.customer_id
inner join {{ ref('features_rfm') }} as rfm
    on rfm.as_of = spine.as_of and rfm.customer_id = spine.customer_id
