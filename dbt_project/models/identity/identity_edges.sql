{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_since() }}",
) }}
{# Each fact that names a person twice over (a contact with an e-mail, an order with a phone) ties
   its profile to an identifier, from the moment it happened. #}
with contacts as (
    select
        profile_id,
        'contacts' as found_in,
        false as is_typed,
        contact_id,
        email,
        phone,
        loyalty_id,
        cast(null as varchar) as visitor_id,
        {# Who is created gives an address then; who changes it gives it when that is recorded. #}
        case
            when version_number = 1 then least(coalesce(created_at, updated_at), updated_at)
            else valid_from
        end as seen_at,
        known_from_date
    from {{ ref('contact_history') }}
    where known_from_date >= {{ first_unread() }}
),

orders as (
    select
        profile_id, 'orders', false, contact_id, email, phone, loyalty_id, visitor_id, valid_from,
        known_from_date
    from {{ ref('order_history') }}
    where profile_id is not null and known_from_date >= {{ first_unread() }}
),

consents as (
    select
        profile_id, 'consents', false, contact_id, email, phone, cast(null as varchar),
        cast(null as varchar), changed_at, known_from_date
    from {{ ref('consent_history') }}
    where known_from_date >= {{ first_unread() }}
),

sends as (
    select
        profile_id, 'campaign_sends', false, contact_id, email, cast(null as varchar),
        cast(null as varchar), cast(null as varchar), sent_at, known_from_date
    from {{ ref('campaign_contacts') }}
    where known_from_date >= {{ first_unread() }}
),

subscriptions as (
    select
        profile_id, 'subscriptions', false, contact_id, email, cast(null as varchar),
        cast(null as varchar), cast(null as varchar), valid_from, known_from_date
    from {{ ref('subscription_history') }}
    where known_from_date >= {{ first_unread() }}
),

{# A visitor who refused to be recognised is not stitched to anybody. Who types an address at the
   checkout without signing in may use somebody else's. #}
web_events as (
    select
        profile_id,
        'web_events',
        contact_id is null and event_name in ('begin_checkout', 'purchase'),
        contact_id,
        email,
        cast(null as varchar),
        cast(null as varchar),
        visitor_id,
        occurred_at,
        known_from_date
    from {{ ref('web_events') }}
    where (contact_id is not null or email is not null)
        and is_allowed
        and known_from_date >= {{ first_unread() }}
),

sightings as (
    select * from contacts
    union all
    select * from orders
    union all
    select * from consents
    union all
    select * from sends
    union all
    select * from subscriptions
    union all
    select * from web_events
),

edges as (
    {%- for kind, column in {
        'contact': 'contact_id', 'email': 'email', 'phone': 'phone', 'loyalty': 'loyalty_id',
        'visitor': 'visitor_id'
    }.items() %}
    select
        profile_id,
        '{{ kind }}' as identifier_type,
        {{ email_key('email') if kind == 'email' else column }} as identifier,
        {{ column }} as given,
        {{ 'is_typed' if kind == 'email' else 'false as is_typed' }},
        min(seen_at) as seen_at,
        min_by(found_in, {{ row_order(['seen_at', 'found_in']) }}) as found_in,
        known_from_date
    from sightings
    where {{ column }} is not null
    group by profile_id, {{ column }}, {{ 'is_typed, ' if kind == 'email' }}known_from_date
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

{# A later extract adds a row only when it moves the first sighting earlier. #}
compared as (
    select
        *,
        min(seen_at) over (
            partition by profile_id, identifier_type, given, is_typed order by known_from_date
            rows between unbounded preceding and 1 preceding
        ) as earliest_before
    from edges
)

select
    compared.profile_id,
    compared.identifier_type,
    compared.identifier,
    compared.given,
    compared.is_typed,
    compared.found_in,
    compared.seen_at,
    {{ shop_date('compared.seen_at') }} as seen_date,
    compared.known_from_date
from compared
where coalesce(compared.seen_at < compared.earliest_before, true)
    {%- if is_incremental() %}
    and not exists (
        select 1 from {{ this }} as earlier
        where earlier.profile_id = compared.profile_id
            and earlier.identifier_type = compared.identifier_type
            and earlier.given = compared.given
            and earlier.is_typed = compared.is_typed
            and earlier.seen_at <= compared.seen_at
            and earlier.known_from_date < {{ first_unread() }}
    )
    {%- endif %}
