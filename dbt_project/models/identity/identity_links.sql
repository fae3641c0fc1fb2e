{{ config(materialized='table') }}
with knots as (
    select
        node,
        min(node) over (partition by as_of, identifier_type, identifier) as hub
    from {{ ref('identity_ties') }}
    where identifier is not null
)

select distinct node as node_a, hub as node_b
from knots
where node <> hub
