{{ config(materialized='view') }}
{# Which address, or whose person, each consent record speaks for. #}
with records as (
    select
        consents.*,
        {{ strictness('consents.status') }} as strictness,
        {{ identifier_of('consents.channel') }} as identifier_type,
        case {{ identifier_of('consents.channel') }}
            when 'email' then consents.email when 'phone' then consents.phone
        end as own_address
    from {{ ref('consent_history') }} as consents
    where {{ is_spoken('consents') }}
),

on_addresses as (
    select * from records where purpose <> 'profiling'
),

{# The address that it names. #}
own_addresses as (
    select on_addresses.*, own_address as address, 'address' as said_by
    from on_addresses
),

{# Versions of each contact, the first reaching back to the beginning. #}
contacts as (
    select
        contact_id,
        email,
        phone,
        case when version_number = 1 then {{ never() }} else valid_from end as from_at,
        coalesce(
            lead(valid_from) over (partition by contact_id order by version_number),
            timestamp '9999-12-31'
        ) as until_at
    from {{ ref('contact_history') }}
    where known_from_date <= {{ cut() }}
),

{# A grant by contact_id: the address that the contact had then. #}
granted_by_contact as (
    select
        on_addresses.*,
        case identifier_type when 'email' then contacts.email else contacts.phone end as address,
        'contact' as said_by
    from on_addresses
    inner join contacts
        on contacts.contact_id = on_addresses.contact_id
        and contacts.from_at <= on_addresses.changed_at
        and contacts.until_at > on_addresses.changed_at
    where on_addresses.status = 'granted' and on_addresses.identifier_type is not null
),

{# A refusal by contact_id: every address that the contact ever gave or gets. A new address does not
   undo a "no". #}
refused_by_contact as (
    select on_addresses.*, edges.identifier as address, 'contact' as said_by
    from on_addresses
    inner join {{ ref('identity_edges') }} as edges
        on edges.profile_id = 'contact:' || on_addresses.contact_id
        and edges.identifier_type = on_addresses.identifier_type
    where on_addresses.status <> 'granted' and edges.known_from_date <= {{ cut() }}
),

{# Post goes to the contact itself. #}
by_post as (
    select on_addresses.*, contact_id as address, 'contact' as said_by
    from on_addresses
    where channel = 'post'
),

{# It names no address of its channel (an e-mail address that speaks of SMS): a grant says nothing
   about any, a refusal closes the person's whole channel. An objection binds the person on every
   channel, and profiling is about the person, not an address. #}
without_address as (
    select * from on_addresses where contact_id is null and own_address is null
),

of_people as (
    select *, channel as about_channel from without_address where status <> 'granted'
    union all
    select *, cast(null as varchar) from on_addresses where status = 'objected'
    union all
    select *, cast(null as varchar) from records where purpose = 'profiling'
),

of_addresses as (
    {%- for part in [
        'own_addresses', 'granted_by_contact', 'refused_by_contact', 'by_post'
    ] %}
    select * from {{ part }} where address is not null
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)

select
    consent_key,
    purpose,
    channel,
    {{ contact_point_id('channel', 'address') }} as contact_point_id,
    profile_id,
    status,
    strictness,
    changed_at,
    origin,
    said_by,
    known_from_date
from of_addresses
union all
select
    consent_key, purpose, about_channel, null, profile_id, status, strictness, changed_at, origin,
    'person', known_from_date
from of_people
union all
{# Said before an erasure, by somebody who is back. #}
select
    null, purpose, null, null, profile_id, 'objected', 2, changed_at, null, 'person', known_from_date
from {{ ref('outlived_objections') }}
where known_from_date <= {{ cut() }}
