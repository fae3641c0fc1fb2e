{# Contact points whose opens and clicks nobody may look at: the last word on open tracking, as the
   cut knows it, is no. It counts as soon as it is known, for the past too; a tie counts as no. What a
   contact says holds for every address that it ever had. #}
{% macro untracked_points() %}
    select contact_point_id
    from (
        select {{ contact_point_id("'email'", 'email') }} as contact_point_id, status, changed_at
        from {{ ref('consent_history') }}
        where purpose = 'open_tracking' and email is not null and known_from_date <= {{ cut() }}
        union all
        select
            {{ contact_point_id("'email'", 'contacts.email') }},
            consents.status,
            consents.changed_at
        from {{ ref('consent_history') }} as consents
        inner join {{ ref('contact_history') }} as contacts
            on contacts.contact_id = consents.contact_id and contacts.email is not null
        where consents.purpose = 'open_tracking'
            and consents.known_from_date <= {{ cut() }}
            and contacts.known_from_date <= {{ cut() }}
    ) as said
    group by 1
    having max(changed_at) filter (where status <> 'granted')
        >= coalesce(max(changed_at) filter (where status = 'granted'), timestamp '0001-01-01')
{% endmacro %}
