{# Rows of `alias` that were the newest knowledge at the cut. #}
{% macro known_at(alias) -%}
    ({{ alias }}.known_from_date <= {{ cut() }} and {{ alias }}.known_until_date > {{ cut() }})
{%- endmacro %}

{# The one version of a history row that was valid at `as_of` 00:00, as far as the cut knows (or the
   extracts up to `cut_date`). Each version stores when it became valid and when the next one did; a
   next one that the cut does not know yet has not happened. #}
{% macro valid_at(alias, as_of, cut_date=none) -%}
    {%- set known_by = cut_date or cut() -%}
    ({{ alias }}.known_from_date <= {{ known_by }}
        and {{ alias }}.valid_from_date < {{ as_of }}
        and ({{ alias }}.valid_until_date >= {{ as_of }} or {{ alias }}.known_until_date > {{ known_by }}))
{%- endmacro %}

{# Whether a row of the identity history says whose a profile was at `as_of` 00:00, as far as the cut
   knows (or the extracts up to `cut_date`). #}
{% macro owned_at(alias, as_of, cut_date=none) -%}
    {%- set known_by = cut_date or cut() -%}
    ({{ alias }}.valid_from_date <= {{ as_of }}
        and {{ alias }}.valid_until_date > {{ as_of }}
        and {{ alias }}.known_from_date <= {{ known_by }}
        and {{ alias }}.known_until_date > {{ known_by }})
{%- endmacro %}

{# Whether an order version counts as kept at `as_of`: neither cancelled nor refunded, or only since
   later. A first extract knows old orders in their last state only; without the date of that state
   it would tell the past who was going to send everything back. #}
{% macro is_kept_at(alias, as_of) -%}
    ({{ alias }}.status not in ('cancelled', 'refunded')
        or coalesce({{ alias }}.ended_date >= {{ as_of }}, false))
{%- endmacro %}

{# Rows of a history of stretches that held on `as_of`, as `cut` knew them. #}
{% macro held_at(alias, as_of, cut) -%}
    ({{ alias }}.valid_from_date <= {{ as_of }} and {{ alias }}.valid_until_date > {{ as_of }}
        and {{ alias }}.known_from_date <= {{ cut }} and {{ alias }}.known_until_date > {{ cut }})
{%- endmacro %}
