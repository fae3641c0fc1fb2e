{# A sum that got lost between two tables. `ours` and `theirs` are SQL sums of this model and of
   `other`; both are exact (DECIMAL or integer). #}
{% test same_total(model, ours, other, theirs, their_condition='true') %}
select here.total as our_total, there.total as their_total
from (select coalesce({{ ours }}, 0) as total from {{ model }}) as here
cross join (
    select coalesce({{ theirs }}, 0) as total from {{ other }} where {{ their_condition }}
) as there
where here.total is distinct from there.total
{% endtest %}
