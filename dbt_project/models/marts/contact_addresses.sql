{# Whose address is whose tonight. Text is joined, hashed and ordered once for each address, before it
   becomes the points of its channels. #}
with map as (
    select profile_id, customer_id from {{ ref('identity_map') }} where as_of = {{ as_of() }}
),

contacts as (
    select
        contact_id,
        profile_id,
        email,
        phone,
        postal_code,
        case when is_deleted then valid_from end as deleted_at
    from {{ ref('contact_history') }} as contact
    where {{ known_at('contact') }}
),

{# Addresses that people gave, less those that a contact has replaced since. #}
given as (
    select
        edges.identifier_type,
        edges.identifier,
        edges.given,
        edges.profile_id,
        edges.known_from_date,
        contacts.contact_id is not null as is_contact,
        edges.found_in in ('contacts', 'subscriptions')
            or edges.identifier in ({{ email_key('contacts.email') }}, contacts.phone)
            as is_on_record,
        contacts.deleted_at,
        map.customer_id,
        {{ short_hash(['edges.identifier_type', 'edges.identifier']) }} as address_hash
    from {{ ref('identity_edges') }} as edges
    inner join map on map.profile_id = edges.profile_id
    left join contacts on contacts.profile_id = edges.profile_id
    where edges.identifier_type in ('email', 'phone')
        and edges.profile_id not like 'visitor:%'
        and edges.seen_date < {{ as_of() }}
        and edges.known_from_date <= {{ cut() }}
        and {{ is_given_today('edges', 'contacts') }}
),

{# Addresses that nobody gave to the shop: only a marketplace's orders name them. #}
on_orders as (
    select {{ email_key('email') }} as identifier, channel, known_from_date
    from {{ ref('order_history') }}
    where email is not null
    union all
    select phone, channel, known_from_date from {{ ref('order_history') }} where phone is not null
),

of_marketplaces as (
    select identifier
    from on_orders
    where known_from_date <= {{ cut() }}
        and identifier in (select identifier from on_orders where channel = 'marketplace')
    group by 1
    having bool_and(coalesce(channel, '') = 'marketplace')
),

shared as (
    select address_hash from given group by 1 having count(*) > 1
),

{# One owner per inbox: a live contact before anybody else, then who gave it first. It is written to
   as its owner writes the address. Most addresses have one owner only. #}
ranked as (
    select
        *,
        bool_and(deleted_at is not null) over (partition by identifier_type, identifier)
            as is_deleted_by_all,
        bool_or(is_on_record) over (partition by identifier_type, identifier)
            as is_on_a_record,
        row_number() over (
            partition by identifier_type, identifier
            order by deleted_at is not null, not is_contact, known_from_date, profile_id, given
        ) as seniority
    from given
    where address_hash in (select address_hash from shared)
),

owned as (
    select
        identifier_type, identifier, given as address, customer_id, deleted_at, is_on_record
    from given
    where address_hash not in (select address_hash from shared)
    union all
    select
        identifier_type,
        identifier,
        given,
        customer_id,
        case when is_deleted_by_all then deleted_at end,
        is_on_a_record
    from ranked
    where seniority = 1
),

addressed as (
    select
        channels.channel, owned.identifier as address_key, owned.address, owned.customer_id,
        owned.deleted_at,
        {{ is_relay('owned.identifier') }}
            or not coalesce(owned.is_on_record, false) and of_marketplaces.identifier is not null
            as is_from_marketplace
    from owned
    left join of_marketplaces on of_marketplaces.identifier = owned.identifier
    inner join (
        select 'email' as identifier_type, 'email' as channel
        union all
        select 'phone', 'sms'
        union all
        select 'phone', 'phone'
    ) as channels
        on channels.identifier_type = owned.identifier_type
    union all
    select
        'post', contacts.contact_id, contacts.contact_id, map.customer_id, contacts.deleted_at,
        false
    from contacts
    inner join map on map.profile_id = contacts.profile_id
    where contacts.postal_code is not null
),

points as (
    select
        {{ keyed_point('channel', 'address_key') }} as contact_point_id,
        channel,
        address,
        customer_id,
        deleted_at,
        is_from_marketplace
    from addressed
)

select * from points
