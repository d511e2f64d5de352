"""The yardstick: the rows of a signal's effect by one bare statement, in one transaction, and nothing decided.

No attempts, no cool-off, no hold-out, no priority, no versions, nobody looked for who came back.
"""

BARE_MATCHING = """
WITH approached AS (
    INSERT INTO reactivation (dealer_id, id, lead_id, signal_id, store_id, state, strategy, reason, attempt, priority,
                              factors, reactivated_at)
    SELECT dealer_id, uuidv7(), lead_id, $2, store_id, 'activated', 'price_drop', reason, 1, 50, '{}', now()
    FROM defeat WHERE dealer_id = $1 AND model_key = 'byd|seal' AND reason = 'price'
    RETURNING lead_id, id, store_id
)
INSERT INTO outbox (slot, topic, key, sequence, event_id, headers, payload)
SELECT 0, 'baoke.leads', lead_id::text, 1, id, jsonb_build_object('ce_id', id, 'ce_subject', lead_id),
       convert_to(json_build_object('lead_id', lead_id, 'store_id', store_id, 'reactivation_id', id)::text, 'UTF8')
FROM approached
"""
