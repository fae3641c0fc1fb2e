{# Connected components per as_of over `links` (as_of, node_a, node_b): rows (as_of, node,
   component), where the component is its smallest node. Nodes without a link have no row. Each
   round hands the smallest label on to the neighbours, until nothing changes. #}
{% macro connected_components(links) -%}
    {{ return(adapter.dispatch('connected_components')(links)) }}
{%- endmacro %}

{% macro duckdb__connected_components(links) %}
    with recursive pairs as (
        select as_of, node_a, node_b from {{ links }}
        union all
        select as_of, node_b, node_a from {{ links }}
    ),

    labels(as_of, node, component) using key (as_of, node) as (
        select distinct as_of, node_a, node_a from pairs
        union
        (
            select pairs.as_of, pairs.node_b, min(changed.component)
            from labels as changed
            inner join pairs
                on pairs.as_of = changed.as_of and pairs.node_a = changed.node
            inner join recurring.labels as present
                on present.as_of = pairs.as_of and present.node = pairs.node_b
            where changed.component < present.component
            group by 1, 2
        )
    )

    select as_of, node, component from labels
{% endmacro %}
