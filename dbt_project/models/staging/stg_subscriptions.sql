{{ staged(
    'subscriptions',
    key=['subscription_id'],
    identifiers=['contact_id', 'email'],
    columns=[
        'subscription_id', 'contact_id', 'email', 'plan', 'trial_started_at', 'trial_ends_at',
        'converted_at', 'cancelled_at', 'monthly_amount'
    ],
) }}
