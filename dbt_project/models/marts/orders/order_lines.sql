{{ config(materialized='view') }}
select {{ as_of() }} as as_of, * exclude (as_of, extract_cut) from {{ ref('order_line_states') }}
