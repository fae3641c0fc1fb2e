with map as (
    select profile_id, customer_id from {{ ref('identity_map') }} where as_of = {{ as_of() }}
),

points as (
    select * from {{ ref('contact_addresses') }}
),

worded as (
    {{ with_binding_words('points', 'marketing') }}
),

{# Who has a contract that is under way may be called about it. #}
contracts as (
    select profile_id, converted_at, cancelled_at
    from (
        select
            *,
            row_number() over (
                partition by subscription_id order by extract_date desc
            ) as recency
        from {{ ref('stg_subscriptions') }}
        where extract_date <= {{ cut() }}
    ) as versions
    where recency = 1
        and converted_at < {{ shop_midnight(as_of()) }}
        and coalesce(cancelled_at >= {{ shop_midnight(as_of()) }}, true)
),

people as (
    select
        customer_id,
        bool_or(what = 'bought') as has_bought_before,
        bool_or(what = 'contract') as has_contract,
        bool_or(what = 'profiling') as is_profiling_objected,
        min(exclusion_reason) as exclusion_reason
    from (
        select customer_id, 'bought' as what, cast(null as varchar) as exclusion_reason
        from {{ ref('customer_purchases') }}
        where has_bought_before
        union all
        select map.customer_id, 'contract', null
        from contracts
        inner join map on map.profile_id = contracts.profile_id
        union all
        select customer_id, 'profiling', null
        from {{ ref('consent_words') }}
        where purpose = 'profiling' and status <> 'granted' and customer_id is not null
        union all
        select customer_id, 'listed', substr(reason, length('excluded_') + 1)
        from {{ ref('suppression_grounds') }}
        where customer_id is not null and is_standing
    ) as told
    group by 1
),

suppressed as (
    select
        contact_point_id,
        {# In the order of what weighs most. #}
        coalesce(
            max(reason) filter (where reason = 'complaint'),
            max(reason) filter (where reason = 'erased'),
            max(reason) filter (where reason = 'unsubscribe'),
            max(reason) filter (where reason = 'bounce')
        ) as suppression_reason,
        min(substr(reason, length('excluded_') + 1)) filter (where reason like 'excluded_%')
            as exclusion_reason
    from {{ ref('suppression_grounds') }}
    where contact_point_id is not null and is_standing
    group by 1
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
        worded.*,
        coalesce(people.has_bought_before, false) as has_bought_before,
        coalesce(people.is_profiling_objected, false) as is_profiling_objected,
        coalesce(people.exclusion_reason, suppressed.exclusion_reason) as exclusion_reason,
        suppressed.suppression_reason,
        coalesce(messages.messages_count, 0) as messages_in_cap_window,
        case
            when worded.deleted_at is not null then 'deleted'
            when worded.consent_status = 'objected' then 'objected'
            when people.is_profiling_objected then 'profiling_objected'
            when suppressed.suppression_reason is not null
                then 'suppressed_' || suppressed.suppression_reason
            when coalesce(people.exclusion_reason, suppressed.exclusion_reason) is not null
                then 'excluded_' || coalesce(people.exclusion_reason, suppressed.exclusion_reason)
            when worded.consent_status = 'withdrawn' then 'withdrawn'
        end as forbidden_by,
        {# What allows it where nothing forbids. Nobody is called without having asked for it, or for
           a contract; what a marketplace's buyer agreed to, they agreed with the marketplace. #}
        case
            when worded.consent_status = 'granted' then 'consent'
            when worded.channel = 'phone' then case when people.has_contract then 'contract' end
            when worded.is_from_marketplace then null
            {%- if var('lawful_basis') == 'assumed' %}
            else 'assumed'
            {%- elif var('lawful_basis') == 'soft_opt_in' %}
            when worded.channel in ('email', 'sms') and people.has_bought_before
                then 'soft_opt_in'
            {%- endif %}
        end as allowed_by
    from worded
    left join people on people.customer_id = worded.customer_id
    left join suppressed on suppressed.contact_point_id = worded.contact_point_id
    left join messages on messages.contact_point_id = worded.contact_point_id
)

select
    {{ as_of() }} as as_of,
    contact_point_id,
    channel,
    address,
    customer_id,
    consent_status,
    consent_changed_at,
    consent_origin,
    consent_said_by,
    is_from_marketplace,
    has_bought_before,
    suppression_reason is not null as is_suppressed,
    suppression_reason,
    exclusion_reason is not null as is_excluded,
    exclusion_reason,
    is_profiling_objected,
    deleted_at,
    messages_in_cap_window,
    forbidden_by is null and allowed_by is not null as is_contactable,
    case when forbidden_by is null then allowed_by end as lawful_basis,
    case
        when forbidden_by is null and allowed_by is null then 'no_consent' else forbidden_by
    end as blocked_reason
from judged
