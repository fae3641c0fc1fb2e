{% set measures = {
    'contactable': 'is_contactable',
    'consent_granted': "consent_status = 'granted'",
    'consent_refused': "consent_status in ('withdrawn', 'objected')",
    'consent_unknown': "consent_status = 'none'",
    'syntax_invalid': 'not is_syntax_valid',
    'role_address': 'is_role_address',
    'disposable': 'is_disposable',
    'bounced': 'has_bounced',
    'messages_91d_no_reaction': 'messages_count_91d > 0 and last_human_open_at is null '
        ~ 'and last_human_click_at is null',
    'inactive_365d': 'coalesce(inactive_days > 365, true)',
    'several_addresses': 'addresses_count > 1',
    'several_contacts': 'contacts_count > 1',
} %}
with counted as (
    select
        channel,
        count(*) as points_count,
        {%- for name, condition in measures.items() %}
        count(*) filter (where {{ condition }}) as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('contact_point_quality') }}
    group by 1
)

{%- for name in measures %}
select
    {{ as_of() }} as as_of,
    channel,
    '{{ name }}' as measure,
    {{ name }} as points_count,
    points_count as of_points_count,
    {{ share(name, 'points_count') }} as points_rate
from counted
{%- if not loop.last %}
union all
{%- endif %}
{%- endfor %}
