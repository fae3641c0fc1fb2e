{{ config(materialized='table') }}
{% set present = learnt_identity('identity_clusters') %}
with new_identifiers as (
    select distinct identifier_type, identifier
    from {{ ref('identity_ties') }}
    where places_too_many <= 0 and known_from_date >= {{ first_unlearnt() }}
),

nearby as (
    select
        ties.identifier_type,
        ties.identifier,
        {% if present is not none -%}
        coalesce(clusters.cluster, ties.profile_id) as cluster
        {%- else -%}
        ties.profile_id as cluster
        {%- endif %}
    from {{ ref('identity_ties') }} as ties
    inner join new_identifiers
        on new_identifiers.identifier_type = ties.identifier_type
        and new_identifiers.identifier = ties.identifier
    {%- if present is not none %}
    left join {{ present }} as clusters on clusters.profile_id = ties.profile_id
    {%- endif %}
    where ties.places_too_many <= 0
),

hubs as (
    select
        cluster as node_a,
        min(cluster) over (partition by identifier_type, identifier) as node_b
    from nearby
)

select distinct node_a, node_b from hubs where node_a <> node_b
