{# Tables of the whole past in which a night makes only those rows anew whose orders something has
   happened to, or whose customers have come again. Each row says as of which night it was last made,
   and with extracts up to which date (`as_of`, `extract_cut`); what was made with an extract that is
   read again is made again. `changed_orders` and `changed_customers` say what is to be made. #}

{# Such a table as earlier nights left it; nothing before the first, or when all is made anew: also
   where an earlier release made it, with fewer columns. #}
{% macro kept_up(model) -%}
    {%- set present = learnt_identity(model) -%}
    {%- if present is not none -%}
        {%- set had = adapter.get_columns_in_relation(present) | map(attribute='name') | list -%}
        {%- set columns = graph.nodes['model.' ~ project_name ~ '.' ~ model].columns -%}
        {%- if columns | reject('in', had) | list | length == 0 -%}
            {{ return(present) }}
        {%- endif -%}
    {%- endif -%}
    {{ return(none) }}
{%- endmacro %}

{# The latest `column` (as_of, extract_cut) of rows that stand in each of these tables, as a literal.
   What one of them has missed is news to all. #}
{% macro last_made(column, models) -%}
    {%- set dates = [] -%}
    {%- if execute -%}
        {%- for model in models -%}
            {%- set present = kept_up(model) -%}
            {%- if present is none -%}
                {%- do dates.append('0001-01-01') -%}
            {%- else -%}
                {%- set query -%}
                    select cast(coalesce(max({{ column }}), date '0001-01-01') as varchar)
                    from {{ present }} where extract_cut < date '{{ var("since") }}'
                {%- endset -%}
                {%- do dates.append(run_query(query).columns[0].values()[0]) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    date '{{ dates | min if dates else '0001-01-01' }}'
{%- endmacro %}

{# The keys of rows of such a table that were made with what is read again. #}
{% macro made_since(model, key) -%}
    {%- set present = kept_up(model) -%}
    {%- if present is none -%}
        select cast(null as varchar) as {{ key }} where 1 = 0
    {%- else -%}
        select {{ key }} from {{ present }} where extract_cut >= date '{{ var("since") }}'
    {%- endif -%}
{%- endmacro %}

{# Profiles that are, or were, somebody else's than at the date `seen`, as far as was `known` by then:
   literals of last_made. #}
{% macro moved_profiles(known, seen) -%}
    select profile_id
    from {{ ref('identity_history') }}
    where known_from_date > {{ known }}
        or (known_until_date > {{ known }} and known_until_date < {{ forever() }})
        or valid_from_date > {{ seen }}
        or (valid_until_date > {{ seen }} and valid_until_date < {{ forever() }})
{%- endmacro %}

{# pre_hook: what is made anew goes, inside the model's own transaction. #}
{% macro forget_changed(key, changed) -%}
    {% if is_incremental() %}
    delete from {{ this }} where {{ key }} in (select {{ key }} from {{ ref(changed) }})
    {% endif %}
{%- endmacro %}

{# Whether such a table proves to be of tonight and of tonight's cut. An earlier night would have made
   anew what tonight made, and a later one in which nothing changed leaves it as it is. #}
{% macro is_tonight_made(model) -%}
    {%- set table = ref(model) -%}
    {#- A unit test's rows are no table. #}
    {%- set is_table = execute and table.schema and load_relation(table) is not none -%}
    {%- if is_table and var('as_of') in var('as_ofs') -%}
        {%- set query -%}
            select max(as_of) = {{ as_of() }} and max(extract_cut) = {{ cut() }} from {{ table }}
        {%- endset -%}
        {{ return(run_query(query).columns[0].values()[0] or false) }}
    {%- endif -%}
    {{ return(false) }}
{%- endmacro %}
