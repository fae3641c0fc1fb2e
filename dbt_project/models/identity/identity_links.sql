{{ config(materialized='table') }}
{# Two contacts that share an identifier are one person, unless what they say contradicts it. A
   profile that is no contact (a guest's address, a card at the till) belongs to the contact that is
   nearest; where none is near, to the profiles that it shares an identifier with. #}
with nearest as (
    {{ nearest_contacts(ref('identity_pairs')) }}
)

select node_a, node_b
from {{ ref('identity_pairs') }}
where is_contact_a and is_contact_b and not are_different and node_a < node_b
union all
select node, contact from nearest where contact is not null
union all
select pairs.node_a, pairs.node_b
from {{ ref('identity_pairs') }} as pairs
inner join nearest as a on a.node = pairs.node_a
inner join nearest as b on b.node = pairs.node_b
where a.contact is null and b.contact is null and pairs.node_a < pairs.node_b
