{# How long nothing may happen within a session. Half an hour, as web tools count; where the tool
   says which session it is, a day: an id that comes again after that is another visit. #}
{% macro session_pause_seconds(session_id) -%}
    (case when {{ session_id }} is null then 1800 else 86400 end)
{%- endmacro %}

{# The sessions as earlier calls left them; nothing before the first, or when all is made anew. #}
{% macro earlier_sessions() -%}
    {{ return(learnt_identity('web_sessions')) }}
{%- endmacro %}

{# Whether a session of `sessions` lies in a span of `spans`, or nearer to it than a pause. #}
{% macro touches_span(sessions, spans) -%}
    (
        {{ spans }}.visitor_id = {{ sessions }}.visitor_id
        and {{ spans }}.session_id is not distinct from {{ sessions }}.session_id
        and {{ seconds_between(sessions ~ '.ended_at', spans ~ '.from_at') }}
            < {{ session_pause_seconds(spans ~ '.session_id') }}
        and {{ seconds_between(spans ~ '.until_at', sessions ~ '.started_at') }}
            < {{ session_pause_seconds(spans ~ '.session_id') }}
    )
{%- endmacro %}

{# The earliest moment of a column, as a literal so that DuckDB can skip row groups. #}
{% macro earliest(column, relation, condition='true') -%}
    {%- if execute -%}
        {%- set query -%}
            select cast(coalesce(min({{ column }}), timestamp '9999-12-31') as varchar)
            from {{ relation }} where {{ condition }}
        {%- endset -%}
        timestamp '{{ run_query(query).columns[0].values()[0] }}'
    {%- else -%}
        timestamp '9999-12-31'
    {%- endif -%}
{%- endmacro %}

{# pre_hook: the sessions that are made anew go, inside the model's own transaction. #}
{% macro forget_touched_sessions() -%}
    {% if is_incremental() %}
    delete from {{ this }} as sessions
    using {{ ref('web_session_spans') }} as spans
    where {{ touches_span('sessions', 'spans') }}
        and sessions.ended_at >= {{ earliest('from_at', ref('web_session_spans')) }}
    {% endif %}
{%- endmacro %}
