{{ config(
    materialized='incremental', incremental_strategy='delete+insert', unique_key='profile_id'
) }}
{# Who is one person is decided within a cluster. New ties join clusters; nothing takes one apart. #}
with joined as (
    {{ connected_components(ref('identity_cluster_links')) }}
),

placed as (
    {%- if is_incremental() %}
    select profile_id, cluster from {{ this }}
    union all
    select distinct ties.profile_id, ties.profile_id as cluster
    from {{ ref('identity_ties') }} as ties
    where ties.known_from_date >= {{ first_unlearnt() }}
        and not exists (
            select 1 from {{ this }} as present where present.profile_id = ties.profile_id
        )
    {%- else %}
    select distinct profile_id, profile_id as cluster from {{ ref('identity_ties') }}
    {%- endif %}
)

select placed.profile_id, coalesce(joined.component, placed.cluster) as cluster
from placed
left join joined on joined.node = placed.cluster
{%- if is_incremental() %}
left join {{ this }} as present on present.profile_id = placed.profile_id
where coalesce(joined.component, placed.cluster) is distinct from present.cluster
{%- endif %}
