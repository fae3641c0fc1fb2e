{# An e-mail address as its provider delivers it, for comparing only: what is written to stays as it
   was given. Dots mean nothing to Gmail, and what follows a plus is the reader's own mark there and
   with the other providers named here. #}
{% macro email_key(email) -%}
    {{ return(adapter.dispatch('email_key')(email)) }}
{%- endmacro %}

{% macro default__email_key(email) -%}
    {%- set host = "split_part(" ~ email ~ ", '@', 2)" -%}
    {%- set name = "split_part(split_part(" ~ email ~ ", '@', 1), '+', 1)" -%}
    case
        when {{ host }} in ('gmail.com', 'googlemail.com')
            then replace({{ name }}, '.', '') || '@gmail.com'
        when {{ host }} in (
            'outlook.com', 'outlook.fr', 'hotmail.com', 'hotmail.fr', 'live.com', 'live.fr',
            'icloud.com', 'me.com', 'fastmail.com', 'proton.me', 'protonmail.com', 'pm.me'
        ) then {{ name }} || '@' || {{ host }}
        else {{ email }}
    end
{%- endmacro %}

{# The letters of a name without case and accents, NULL when there is none. #}
{% macro name_key(name) -%}
    {{ return(adapter.dispatch('name_key')(name)) }}
{%- endmacro %}

{% macro default__name_key(name) -%}
    nullif(regexp_replace(lower(strip_accents({{ name }})), '[^a-z]', '', 'g'), '')
{%- endmacro %}

{# Whether two records that share an identifier are of different people, by what each says of its
   person: another day of birth; or, where the days do not agree, another first name or gender. An
   initial agrees with every name it begins. What one of them does not say speaks against nothing. #}
{% macro are_different_people(a, b) -%}
    (
        coalesce({{ a }}.birth_date <> {{ b }}.birth_date, false)
        or (
            ({{ a }}.birth_date = {{ b }}.birth_date) is distinct from true
            and (
                coalesce(not (
                    starts_with({{ a }}.first_name, {{ b }}.first_name)
                    or starts_with({{ b }}.first_name, {{ a }}.first_name)
                ), false)
                or coalesce(
                    {{ a }}.gender <> {{ b }}.gender and {{ a }}.first_name <> {{ b }}.first_name,
                    false
                )
            )
        )
    )
{%- endmacro %}

{# What a row of pairs shares: a person's profile an identifier, a browser those who sign in on it. #}
{% macro shared_thing(pairs) -%}
    case when {{ pairs }}.is_browser then {{ pairs }}.profile_id || ' ' || {{ pairs }}.identifier_type
        else {{ pairs }}.identifier_type || ' ' || {{ pairs }}.identifier end
{%- endmacro %}

{# How many may share: an address that more profiles have than a household is a shop's or a
   placeholder, a browser on which more people sign in a kiosk. A contact is one person. #}
{% macro most_sharing() -%}
    case
        when is_browser or identifier_type = 'visitor' then {{ var('max_contacts_per_browser') }}
        when identifier_type = 'contact' then 1000000
        else {{ var('max_profiles_per_identifier') }}
    end
{%- endmacro %}

{# How near an identifier brings two records, for a record that could belong to several people: the
   nearest has it. The numbers also tell the types of identifiers apart. #}
{% macro distance(identifier_type) -%}
    case {{ identifier_type }}
        when 'contact' then 0 when 'loyalty' then 1 when 'email' then 2 when 'phone' then 3 else 4
    end
{%- endmacro %}

{# The number of a member in a state, to find who is tied to whom. #}
{% macro node(state_id, member) -%}
    ({{ state_id }} * 10000000000 + {{ member }})
{%- endmacro %}

{# The identity history as earlier calls left it; nothing before the first one, or when all is made
   anew. #}
{% macro learnt_identity(model) -%}
    {%- if execute and not flags.FULL_REFRESH -%}
        {{ return(adapter.get_relation(this.database, this.schema, model)) }}
    {%- endif -%}
    {{ return(none) }}
{%- endmacro %}

{# The first extract that the identity history, or another model, has not learnt from, as a literal. #}
{% macro first_unlearnt(model='identity_history') -%}
    {%- set present = learnt_identity(model) -%}
    {{ extract_after(present) }}
{%- endmacro %}

{# When who is who may change: an identifier is shown, or by too many; a contact tells another name; a
   browser's visitor refuses. Of the profiles of `among`, a table; else what is not learnt yet. #}
{% macro identity_news(among=none) %}
    {%- set their = 'profile_id in (select profile_id from ' ~ among ~ ')' -%}
    {%- set since = 'known_from_date >= ' ~ first_unlearnt() %}
    select edges.profile_id, edges.known_from_date, edges.seen_date + 1 as change_date
    from {{ ref('identity_edges') }} as edges
    where {{ 'edges.' ~ their if among else 'edges.' ~ since }}
    union
    select evidence.profile_id, evidence.known_from_date, evidence.valid_from_date + 1
    from {{ ref('identity_evidence') }} as evidence
    where evidence.is_news and {{ 'evidence.' ~ their if among else 'evidence.' ~ since }}
    union
    select ties.profile_id, visits.known_from_date, visits.visit_date + 1
    from {{ ref('web_visits') }} as visits
    inner join {{ ref('identity_ties') }} as ties
        on ties.identifier_type = 'visitor' and ties.identifier = visits.visitor_id
    where visits.denied_events_count > 0 and {{ 'ties.' ~ their if among else 'visits.' ~ since }}
    union
    select ties.profile_id, one_too_many.known_from_date, one_too_many.seen_date + 1
    from {{ ref('identity_ties') }} as one_too_many
    inner join {{ ref('identity_ties') }} as ties on ties.shared = one_too_many.shared
    where one_too_many.places_too_many = 1
        and {{ 'ties.' ~ their if among else 'one_too_many.' ~ since }}
{% endmacro %}

{# Rows (node, contact) of the nodes in `pairs` that are no contacts: the contact at the smallest sum
   of distances; of several, the one that showed the identifier first. NULL where no way leads to
   one. `pairs` must be a table, as in `connected_components`. #}
{% macro nearest_contacts(pairs) -%}
    {{ return(adapter.dispatch('nearest_contacts')(pairs)) }}
{%- endmacro %}

{% macro duckdb__nearest_contacts(pairs) %}
    with recursive starts as (
        select distinct
            node_a as node,
            struct_pack(
                distance := case when is_contact_a then 0 else 1000000 end,
                seen_at := timestamp '0001-01-01',
                contact := node_a
            ) as way
        from {{ pairs }}
    ),

    ways(node, way) using key (node) as (
        select node, way from starts
        union
        (
            select
                pairs.node_b,
                min(struct_pack(
                    distance := changed.way.distance + pairs.distance,
                    seen_at := pairs.seen_at,
                    contact := changed.way.contact
                ))
            from ways as changed
            inner join {{ pairs }} as pairs on pairs.node_a = changed.node
            inner join recurring.ways as present on present.node = pairs.node_b
            where not pairs.is_contact_b
                and changed.way.distance < 1000000
                and struct_pack(
                    distance := changed.way.distance + pairs.distance,
                    seen_at := pairs.seen_at,
                    contact := changed.way.contact
                ) < present.way
            group by 1
        )
    )

    select node, case when way.distance < 1000000 then way.contact end as contact
    from ways
    where way.distance > 0
{% endmacro %}

{# Rows of the ledger that nights after this one wrote. #}
{% macro later_nights(ledger) -%}
    select 1 from {{ ledger }}
    where since_as_of > {{ as_of() }}
        or (until_as_of > {{ as_of() }} and until_as_of < {{ forever() }})
{%- endmacro %}

{# pre_hook of the ledger: a night that is made again is taken back first, unless others followed. #}
{% macro reopen_ledger() -%}
    {% if is_incremental() %}
    delete from {{ this }}
    where since_as_of = {{ as_of() }} and not exists ({{ later_nights(this) }});
    update {{ this }} set until_as_of = {{ forever() }}
    where until_as_of = {{ as_of() }} and not exists ({{ later_nights(this) }})
    {% endif %}
{%- endmacro %}
