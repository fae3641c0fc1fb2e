{# What is advised about the base of addresses, with the definition of the people and the amount.
   Days and counts stand here once; the SQL and the sentences use the same ones. #}
{% macro advice_days() -%} {{ return(365) }} {%- endmacro %}

{% macro cost_days() -%} {{ return(91) }} {%- endmacro %}

{# Six messages in 26 weeks: one in a month read late is no silence. #}
{% macro silent_days() -%} {{ return(182) }} {%- endmacro %}

{% macro silent_messages() -%} {{ return(6) }} {%- endmacro %}

{% macro advice_basis(kind, item) -%}
    case {{ kind }}
        when 'enrich' then 'Buyers of the last {{ advice_days() }} days whose record lacks it, by the '
            || 'channel of their last order; their net revenue of those days.'
        when 'stop_mailing' then case {{ item }}
            when 'bounced' then 'Bounced and nothing delivered since: repeated bounces make '
                || 'providers distrust the sender.'
            when 'syntax_invalid' then 'Not written as an address: it can only bounce.'
            when 'disposable' then 'A throw-away mailbox: it soon bounces, or becomes a trap.'
            when 'role_address' then 'A desk, not a person: such addresses complain more often.'
            else 'At least {{ silent_messages() }} e-mails in {{ silent_days() }} days, no open or '
                || 'click by a person and no order in them, open tracking not refused: providers '
                || 'judge a sender by how many read.'
        end || ' Written to in the last {{ cost_days() }} days; the amount is the cost_per_contact '
            || 'of those messages, saved in as many days to come. Each address is in one row.'
        when 'reach_otherwise' then case {{ item }}
            when 'no_email' then 'No e-mail address'
            when 'bounced' then 'Every e-mail address bounces'
            else 'At least {{ silent_messages() }} e-mails in {{ silent_days() }} days without an '
                || 'open or click by a person or an order'
        end || ', and the channel may be used for marketing tonight; their net revenue of the last '
            || '{{ advice_days() }} days. Who may be reached by several channels is in each.'
        else 'Buyers of the last {{ advice_days() }} days with an address, who granted marketing on '
            || 'none and refused it on none, by the channel and store of their last order; their '
            || 'net revenue of those days.'
    end
{%- endmacro %}
