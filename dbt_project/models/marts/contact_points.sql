with map as (
    select profile_id, customer_id from {{ ref('identity_map') }} where as_of = {{ as_of() }}
),

contacts as (
    select contact_id, profile_id, email, phone, postal_code, is_deleted
    from {{ ref('contact_history') }} as contact
    where {{ known_at('contact') }}
),

{# Addresses that people gave, less those that a contact has replaced since. #}
given as (
    select
        edges.profile_id,
        edges.identifier_type,
        edges.given as address,
        contacts.contact_id is not null as is_contact,
        coalesce(contacts.is_deleted, false) as is_deleted,
        min(edges.known_from_date) as known_from_date
    from {{ ref('identity_edges') }} as edges
    left join contacts on contacts.profile_id = edges.profile_id
    where edges.identifier_type in ('email', 'phone')
        and edges.profile_id not like 'visitor:%'
        and edges.seen_date < {{ as_of() }}
        and edges.known_from_date <= {{ cut() }}
        and edges.given = coalesce(
            case edges.identifier_type when 'email' then contacts.email else contacts.phone end,
            edges.given
        )
    group by 1, 2, 3, 4, 5
),

owned as (
    select 'email' as channel, * from given where identifier_type = 'email'
    union all
    select 'sms' as channel, * from given where identifier_type = 'phone'
    union all
    select 'phone' as channel, * from given where identifier_type = 'phone'
    union all
    select
        'post' as channel,
        profile_id,
        'post' as identifier_type,
        contact_id as address,
        true as is_contact,
        is_deleted,
        {{ cut() }} as known_from_date
    from contacts
    where postal_code is not null
),

{# One owner per inbox: a live contact before anybody else, then who gave it first. It is written to
   as its owner writes the address. #}
ranked_points as (
    select
        owned.channel,
        {{ address_key('owned.channel', 'owned.address') }} as address_key,
        owned.address,
        map.customer_id,
        owned.is_deleted,
        {{ row_order([
            'owned.is_deleted', 'not owned.is_contact', 'owned.known_from_date',
            'owned.profile_id', 'owned.address'
        ]) }} as seniority
    from owned
    inner join map on map.profile_id = owned.profile_id
),

points as (
    select
        channel,
        address_key,
        min_by(address, seniority) as address,
        min_by(customer_id, seniority) as customer_id,
        bool_and(is_deleted) as is_deleted
    from ranked_points
    group by 1, 2
),

latest_consents as (
    select
        channel,
        {{ address_key('channel', 'address') }} as address_key,
        max_by(status, {{ row_order(['changed_at', 'strictness']) }}) as status,
        max(changed_at) as changed_at,
        max(changed_at) filter (where status = 'granted') as granted_at
    from {{ ref('consent_records') }}
    group by 1, 2
),

{# An objection binds the person, whatever the address it came by … #}
objections as (
    select map.customer_id, max(consents.changed_at) as objected_at
    from {{ ref('consent_history') }} as consents
    inner join map on map.profile_id = consents.profile_id
    where consents.purpose = 'marketing'
        and consents.status = 'objected'
        and consents.known_from_date <= {{ cut() }}
    group by 1
),

profiling_objections as (
    {{ profiling_objectors('map', ['customer_id']) }}
),

{# … and what was answered by a message binds its address. #}
answers as (
    select
        channel,
        {{ address_key('channel', 'address') }} as address_key,
        max(occurred_at) filter (where event_name = 'complaint') as complained_at,
        max(occurred_at) filter (where event_name = 'unsubscribe') as unsubscribed_at,
        max(occurred_at) filter (where event_name = 'bounce') as bounced_at,
        max(occurred_at) filter (where event_name = 'delivered') as delivered_at
    from {{ ref('campaign_responses') }}
    where known_from_date <= {{ cut() }} and address is not null
    group by 1, 2
),

exclusions as (
    select
        email,
        phone,
        contact_id,
        reason,
        until,
        row_number() over (
            partition by email, phone, contact_id, reason order by extract_date desc
        ) as recency
    from {{ ref('stg_exclusions') }}
    where extract_date <= {{ cut() }}
),

excluded_identifiers as (
    {%- for kind, column in {'contact': 'contact_id', 'email': 'email', 'phone': 'phone'}.items() %}
    select
        '{{ kind }}:' || {{ column }} as profile_id,
        {{ email_key(column) if kind == 'email' else column }} as address_key,
        reason
    from exclusions
    where recency = 1 and (until is null or until >= {{ as_of() }}) and {{ column }} is not null
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

{# A listed person is left out with every address, whoever the list names them by. #}
excluded_people as (
    select customer_id, min(reason) as reason
    from (
        select map.customer_id, listed.reason
        from excluded_identifiers as listed
        inner join map on map.profile_id = listed.profile_id
        union all
        select points.customer_id, listed.reason
        from excluded_identifiers as listed
        inner join points on points.address_key = listed.address_key
    ) as matches
    group by 1
),

erased as (
    select distinct {{ email_key('email') }} as address_key from {{ ref('stg_erasure_requests') }}
    where email is not null and extract_date <= {{ cut() }}
    union
    select contact_id from {{ ref('stg_erasure_requests') }}
    where contact_id is not null and extract_date <= {{ cut() }}
    union
    select unnest([{{ email_key('contacts.email') }}, contacts.phone])
    from {{ ref('stg_erasure_requests') }} as requests
    inner join contacts on contacts.contact_id = requests.contact_id
    where requests.extract_date <= {{ cut() }}
),

{# What outlives an erasure is kept as a keyed hash; `load` says which address it is once loaded
   records show that again. #}
outlived as (
    select
        suppressions.channel,
        recognised.identifier as address_key,
        max(suppressions.said_at) filter (where suppressions.reason = 'erased') as erased_at,
        max(suppressions.said_at) filter (where suppressions.reason = 'complaint')
            as complained_at,
        min(substr(suppressions.reason, 10)) filter (
            where suppressions.reason like 'excluded_%'
                and (suppressions.until_date is null or suppressions.until_date >= {{ as_of() }})
        ) as exclusion_reason
    from {{ source('ops', 'suppressions') }} as suppressions
    inner join (
        select distinct identifier_hash, identifier from {{ source('ops', 'recognised') }}
    ) as recognised on recognised.identifier_hash = suppressions.identifier_hash
    group by 1, 2
),

buyers as (
    select distinct customer_id from {{ ref('orders') }} where is_kept and customer_id is not null
),

messages as (
    select contact_point_id, count(*) as messages_count
    from {{ ref('campaign_contacts') }}
    where is_treated
        and known_from_date <= {{ cut() }}
        and {{ in_window('sent_date', as_of(), var('cap_days')) }}
    group by 1
),

judged as (
    select
        points.channel,
        points.address,
        points.customer_id,
        points.is_deleted or erased.address_key is not null as is_deleted,
        case
            when coalesce(
                objections.objected_at >= coalesce(consents.granted_at, timestamp '0001-01-01'),
                false
            ) then 'objected'
            else coalesce(consents.status, 'none')
        end as consent_status,
        consents.changed_at as consent_changed_at,
        buyers.customer_id is not null as has_bought_before,
        case
            when coalesce(answers.complained_at, outlived.complained_at) is not null then 'complaint'
            when coalesce(
                outlived.erased_at >= coalesce(consents.granted_at, timestamp '0001-01-01'), false
            ) then 'erased'
            when coalesce(
                answers.unsubscribed_at >= coalesce(consents.granted_at, timestamp '0001-01-01'),
                false
            ) then 'unsubscribe'
            when coalesce(
                answers.bounced_at >= coalesce(answers.delivered_at, timestamp '0001-01-01'), false
            ) then 'bounce'
        end as suppression_reason,
        coalesce(excluded_people.reason, outlived.exclusion_reason) as exclusion_reason,
        profiling_objections.customer_id is not null as is_profiling_objected
    from points
    left join latest_consents as consents
        on consents.channel = points.channel and consents.address_key = points.address_key
    left join objections on objections.customer_id = points.customer_id
    left join profiling_objections on profiling_objections.customer_id = points.customer_id
    left join answers
        on answers.channel = points.channel and answers.address_key = points.address_key
    left join excluded_people on excluded_people.customer_id = points.customer_id
    left join erased on erased.address_key = points.address_key
    left join outlived
        on outlived.channel = points.channel and outlived.address_key = points.address_key
    left join buyers on buyers.customer_id = points.customer_id
),

blocked as (
    select
        *,
        case
            when is_deleted then 'deleted'
            when consent_status = 'objected' then 'objected'
            when is_profiling_objected then 'profiling_objected'
            when suppression_reason is not null then 'suppressed_' || suppression_reason
            when exclusion_reason is not null then 'excluded_' || exclusion_reason
            when consent_status = 'withdrawn' then 'withdrawn'
            when consent_status = 'granted' then null
            {# Nobody is called without having asked for it. #}
            when channel = 'phone' then 'no_consent'
            {%- if var('lawful_basis') == 'assumed' %}
            else null
            {%- elif var('lawful_basis') == 'soft_opt_in' %}
            when channel in ('email', 'sms') and has_bought_before then null
            else 'no_consent'
            {%- else %}
            else 'no_consent'
            {%- endif %}
        end as blocked_reason
    from judged
)

select
    {{ as_of() }} as as_of,
    {{ contact_point_id('blocked.channel', 'blocked.address') }} as contact_point_id,
    blocked.channel,
    blocked.address,
    blocked.customer_id,
    blocked.consent_status,
    blocked.consent_changed_at,
    blocked.has_bought_before,
    blocked.suppression_reason is not null as is_suppressed,
    blocked.suppression_reason,
    blocked.exclusion_reason is not null as is_excluded,
    blocked.exclusion_reason,
    blocked.is_profiling_objected,
    coalesce(messages.messages_count, 0) as messages_in_cap_window,
    blocked.blocked_reason is null as is_contactable,
    blocked.blocked_reason
from blocked
left join messages
    on messages.contact_point_id
        = {{ contact_point_id('blocked.channel', 'blocked.address') }}
