{# What forbids to write, other than what a person said about consent: how an address answered, that
   it was erased, that its person is on the list of exclusions. Grounds that a later moment took
   away stay, with that moment. #}
with answers as (
    select
        contact_point_id,
        event_name,
        occurred_at,
        max(occurred_at) over (partition by contact_point_id, event_name) as last_at
    from {{ ref('campaign_answers') }}
    where event_name in ('complaint', 'unsubscribe', 'bounce')
        and known_from_date <= {{ cut() }}
        and contact_point_id is not null
),

{# The tools do not tell whether a mailbox was full or never was. One that bounced and got nothing
   since is not written to; a delivery shows that it lives. #}
deliveries as (
    select
        bounced.contact_point_id,
        max(delivered.occurred_at) as last_delivered_at,
        min(delivered.occurred_at) filter (where delivered.occurred_at > bounced.last_at)
            as lifted_at
    from (
        select distinct contact_point_id, last_at from answers where event_name = 'bounce'
    ) as bounced
    inner join {{ ref('campaign_answers') }} as delivered
        on delivered.contact_point_id = bounced.contact_point_id
    where delivered.event_name = 'delivered' and delivered.known_from_date <= {{ cut() }}
    group by 1
),

grants as (
    select contact_point_id, granted_at
    from {{ ref('consent_words') }}
    where purpose = 'marketing' and contact_point_id is not null and granted_at is not null
),

{# A complaint stands for ever; whoever unsubscribed may ask for messages again. #}
answered as (
    select
        answers.contact_point_id,
        answers.event_name as reason,
        case answers.event_name
            when 'unsubscribe' then
                case when grants.granted_at > answers.last_at then grants.granted_at end
            when 'bounce' then deliveries.lifted_at
        end as until_at,
        case answers.event_name
            when 'unsubscribe' then grants.granted_at when 'bounce' then deliveries.last_delivered_at
        end as last_peace_at,
        answers.occurred_at,
        answers.last_at
    from answers
    left join grants on grants.contact_point_id = answers.contact_point_id
    left join deliveries on deliveries.contact_point_id = answers.contact_point_id
),

{# Since the first such answer that nothing came after. #}
by_answer as (
    select
        contact_point_id,
        reason,
        coalesce(
            min(occurred_at) filter (where occurred_at >= coalesce(last_peace_at, {{ never() }})),
            max(last_at)
        ) as since_at,
        max(until_at) as until_at
    from answered
    group by 1, 2
),

contacts as (
    select contact_id, profile_id, email, phone
    from {{ ref('contact_history') }} as contact
    where {{ known_at('contact') }}
),

requests as (
    select requests.requested_at, requests.email, requests.contact_id, contacts.email as own_email,
        contacts.phone
    from {{ ref('stg_erasure_requests') }} as requests
    left join contacts on contacts.contact_id = requests.contact_id
    where requests.extract_date <= {{ cut() }}
),

erased_addresses as (
    {%- for channel, column in [
        ('email', 'email'), ('email', 'own_email'), ('sms', 'phone'), ('phone', 'phone'),
        ('post', 'contact_id')
    ] %}
    select
        {{ contact_point_id("'" ~ channel ~ "'", column) }} as contact_point_id,
        requested_at
    from requests
    where {{ column }} is not null
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

{# Who asked to be forgotten is not written to, unless they ask for messages anew. #}
erased as (
    select
        requested.contact_point_id,
        'erased' as reason,
        requested.requested_at as since_at,
        case when grants.granted_at > requested.requested_at then grants.granted_at end as until_at
    from (
        select contact_point_id, max(requested_at) as requested_at
        from erased_addresses
        group by 1
    ) as requested
    left join grants on grants.contact_point_id = requested.contact_point_id
),

{# What outlives an erasure is kept as a keyed hash; `load` says which address it is once loaded
   records show that again. #}
outlived as (
    select
        back.contact_point_id,
        back.reason,
        back.said_at as since_at,
        case
            when back.reason = 'erased' and grants.granted_at > back.said_at then grants.granted_at
            when back.reason = 'bounce' and delivered.last_at > back.said_at then delivered.last_at
            when back.until_date is not null then {{ shop_midnight('back.until_date + 1') }}
        end as until_at
    from (
        select
            {{ keyed_point('suppressions.channel', 'recognised.identifier') }} as contact_point_id,
            suppressions.reason,
            max(suppressions.said_at) as said_at,
            max(suppressions.until_date) as until_date
        from {{ source('ops', 'suppressions') }} as suppressions
        inner join {{ source('ops', 'recognised') }} as recognised
            on recognised.identifier_hash = suppressions.identifier_hash
        where suppressions.purpose = 'marketing' and recognised.extract_date <= {{ cut() }}
        group by 1, 2
    ) as back
    left join grants on grants.contact_point_id = back.contact_point_id
    left join (
        select contact_point_id, max(occurred_at) as last_at
        from {{ ref('campaign_answers') }}
        where event_name = 'delivered' and known_from_date <= {{ cut() }}
        group by 1
    ) as delivered
        on delivered.contact_point_id = back.contact_point_id
),

listed as (
    select
        *,
        min(extract_date) over (partition by email, phone, contact_id, reason) as first_date,
        row_number() over (
            partition by email, phone, contact_id, reason order by extract_date desc
        ) as recency
    from {{ ref('stg_exclusions') }}
    where extract_date <= {{ cut() }}
),

identifiers as (
    {%- for kind, column in {'contact': 'contact_id', 'email': 'email', 'phone': 'phone'}.items() %}
    select
        '{{ kind }}:' || {{ column }} as profile_id,
        '{{ kind }}' as identifier_type,
        {{ email_key(column) if kind == 'email' else column }} as identifier,
        'excluded_' || reason as reason,
        first_date,
        until
    from listed
    where recency = 1 and {{ column }} is not null
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

{# A listed person is left out with every address, whoever the list names them by: it is whose
   profile that is, and who gives that address today. #}
listed_profiles as (
    select profile_id, reason, first_date, until from identifiers
    union all
    select edges.profile_id, identifiers.reason, identifiers.first_date, identifiers.until
    from identifiers
    inner join {{ ref('identity_edges') }} as edges
        on edges.identifier_type = identifiers.identifier_type
        and edges.identifier = identifiers.identifier
    left join contacts on contacts.profile_id = edges.profile_id
    where identifiers.identifier_type <> 'contact'
        and edges.known_from_date <= {{ cut() }}
        and edges.profile_id not like 'visitor:%'
        and {{ is_given_today('edges', 'contacts') }}
),

excluded as (
    select
        people.customer_id,
        listed_profiles.reason,
        min({{ shop_midnight('listed_profiles.first_date') }}) as since_at,
        max({{ shop_midnight('coalesce(listed_profiles.until, ' ~ forever() ~ ' - 1) + 1') }})
            as until_at
    from listed_profiles
    inner join ({{ people_from_now_on() }}) as people
        on people.profile_id = listed_profiles.profile_id
    group by 1, 2
),

grounds as (
    select contact_point_id, cast(null as varchar) as customer_id, reason, since_at, until_at
    from by_answer
    union all
    select contact_point_id, null, reason, since_at, until_at from erased
    union all
    select contact_point_id, null, reason, since_at, until_at from outlived
    union all
    select null, customer_id, reason, since_at, nullif(until_at, {{ shop_midnight(forever()) }})
    from excluded
)

select *, coalesce(until_at > {{ shop_midnight(as_of()) }}, true) as is_standing
from grounds
