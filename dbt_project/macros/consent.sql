{# Consent records that count: a refusal as soon as it is known, even when it is from after midnight,
   for the law wants it obeyed; a grant from the night after it was given. #}
{% macro is_spoken(records) -%}
    ({{ records }}.known_from_date <= {{ cut() }}
        and ({{ records }}.status <> 'granted' or {{ records }}.changed_date < {{ cut() }}))
{%- endmacro %}

{# Of two words of one moment the stricter one counts. #}
{% macro strictness(status) -%}
    case {{ status }} when 'objected' then 2 when 'withdrawn' then 1 else 0 end
{%- endmacro %}

{# The kind of identifier that a channel writes to; none for post, which goes to a contact. #}
{% macro identifier_of(channel) -%}
    case
        when {{ channel }} in ('email', 'push') then 'email'
        when {{ channel }} in ('sms', 'phone') then 'phone'
    end
{%- endmacro %}

{# Before anything was said. #}
{% macro never() -%} timestamp '0001-01-01' {%- endmacro %}

{# Who somebody is, from tonight on: also those who are first seen after midnight. A profile that
   changes hands tonight has two rows, and may have two of one customer: putting all in order to have
   each once would cost more than what is asked of them. #}
{% macro people_from_now_on() %}
    select history.profile_id, history.customer_id
    from {{ ref('identity_history') }} as history
    where {{ known_at('history') }} and history.valid_until_date > {{ as_of() }}
{% endmacro %}

{# Customers of `map` (profile_id and `keys`) whose last word on profiling, as the cut knows it, is
   no. A tie counts as no. #}
{% macro profiling_objectors(map, keys) %}
    select {{ keys | join(', ') }}
    from (
        select profile_id, purpose, status, changed_at, changed_date, known_from_date
        from {{ ref('consent_history') }}
        union all
        {#- Said before an erasure, by somebody who is back. #}
        select profile_id, purpose, 'objected', changed_at, null, known_from_date
        from {{ ref('outlived_objections') }}
    ) as consents
    inner join {{ map }} on {{ map }}.profile_id = consents.profile_id
    where consents.purpose = 'profiling' and {{ is_spoken('consents') }}
    group by {{ keys | join(', ') }}
    having max(consents.changed_at) filter (where consents.status <> 'granted')
        >= coalesce(
            max(consents.changed_at) filter (where consents.status = 'granted'), {{ never() }}
        )
{% endmacro %}

{# The rows of `points` (contact_point_id, channel, customer_id) with the word on `purpose` that
   binds each: consent_status, consent_changed_at, consent_origin, consent_said_by. The person's
   objection binds every address until a later grant on it; then the latest word counts, be it on
   the address or on the person's whole channel. #}
{% macro with_binding_words(points, purpose) %}
    select
        judged.* exclude (
            bound_by, own_status, own_changed_at, own_origin, own_said_by, person_status,
            person_changed_at, person_origin, channel_status, channel_changed_at, channel_origin
        ),
        case bound_by
            when 'own' then own_status when 'person' then person_status
            when 'channel' then channel_status else 'none'
        end as consent_status,
        case bound_by
            when 'own' then own_changed_at when 'person' then person_changed_at
            when 'channel' then channel_changed_at
        end as consent_changed_at,
        case bound_by
            when 'own' then own_origin when 'person' then person_origin
            when 'channel' then channel_origin
        end as consent_origin,
        case bound_by
            when 'own' then own_said_by when 'person' then 'person' when 'channel' then 'person'
        end as consent_said_by
    from (
        select
            points.*,
            own.status as own_status,
            own.changed_at as own_changed_at,
            own.origin as own_origin,
            own.said_by as own_said_by,
            person.status as person_status,
            person.changed_at as person_changed_at,
            person.origin as person_origin,
            of_channel.status as channel_status,
            of_channel.changed_at as channel_changed_at,
            of_channel.origin as channel_origin,
            case
                when own.status = 'objected' then 'own'
                when person.changed_at >= coalesce(own.granted_at, {{ never() }}) then 'person'
                when of_channel.changed_at >= coalesce(own.changed_at, {{ never() }})
                    then 'channel'
                when own.status is not null then 'own'
            end as bound_by
        from {{ points }} as points
        left join {{ ref('consent_words') }} as own
            on own.contact_point_id = points.contact_point_id and own.purpose = '{{ purpose }}'
        left join {{ ref('consent_words') }} as person
            on person.customer_id = points.customer_id
            and person.channel is null
            and person.purpose = '{{ purpose }}'
        left join {{ ref('consent_words') }} as of_channel
            on of_channel.customer_id = points.customer_id
            and of_channel.channel = points.channel
            and of_channel.purpose = '{{ purpose }}'
    ) as judged
{% endmacro %}

{# What e-mail somebody read, of `answers` grouped by person and date; `is_read_email` says which
   count. Opens and clicks of a machine (mail privacy, link scanners) say nothing about a person. #}
{% macro read_emails(answers, as_of) -%}
    count({{ answers }}.profile_id) filter (where {{ answers }}.event_name = 'open')
        as emails_opened_count_91d,
    count({{ answers }}.profile_id) filter (where {{ answers }}.event_name = 'click')
        as emails_clicked_count_91d,
    {{ days_between(
        'max(' ~ answers ~ ".occurred_date) filter (where " ~ answers ~ ".event_name = 'click')",
        as_of
    ) }} as last_click_days
{%- endmacro %}

{% macro is_read_email(answers, as_of, cut) -%}
    ({{ in_window(answers ~ '.occurred_date', as_of, 91) }}
        and not {{ answers }}.is_machine
        and {{ answers }}.channel = 'email'
        and {{ answers }}.known_from_date <= {{ cut }})
{%- endmacro %}

{# post_hook of snapshots: opens and clicks that may not be looked at any more leave those taken
   before that was said. What is left is what a snapshot taken now, at the same cut, would hold. #}
{% macro forget_traces() -%}
    merge into {{ this }} as kept
    using (
        with asked as (
            {%- for key in ['contact_point_id', 'profile_id'] %}
            select responses.profile_id
            from {{ ref('campaign_responses') }} as responses
            inner join {{ ref('tracking_refusals') }} as refusals
                on refusals.{{ key }} = responses.{{ key }}
            {%- if not loop.last %}
            union
            {%- endif %}
            {%- endfor %}
        ),

        concerned as (
            select distinct
                snapshots.as_of,
                snapshots.customer_id,
                snapshots.extract_cut,
                snapshots.emails_received_count_91d
            from asked
            inner join {{ ref('identity_history') }} as history
                on history.profile_id = asked.profile_id
            inner join {{ this }} as snapshots
                on snapshots.customer_id = history.customer_id
                and {{ held_at('history', 'snapshots.as_of', 'snapshots.extract_cut') }}
            where snapshots.emails_opened_count_91d > 0 or snapshots.emails_clicked_count_91d > 0
        ),

        maps as (
            select concerned.*, history.profile_id
            from concerned
            inner join {{ ref('identity_history') }} as history
                on history.customer_id = concerned.customer_id
                and {{ held_at('history', 'concerned.as_of', 'concerned.extract_cut') }}
        )

        select maps.as_of, maps.customer_id, {{ read_emails('answers', 'maps.as_of') }}
        from maps
        left join {{ ref('campaign_answers') }} as answers
            on answers.profile_id = maps.profile_id
            and {{ is_read_email('answers', 'maps.as_of', 'maps.extract_cut') }}
        group by 1, 2
    ) as seen
    on seen.as_of = kept.as_of and seen.customer_id = kept.customer_id
    when matched then update set
        emails_opened_count_91d = seen.emails_opened_count_91d,
        emails_clicked_count_91d = seen.emails_clicked_count_91d,
        emails_clicked_91d_rate = {{ share(
            'seen.emails_clicked_count_91d', 'kept.emails_received_count_91d'
        ) }},
        last_click_days = seen.last_click_days
{%- endmacro %}
