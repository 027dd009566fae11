// title: What keeps pairs from each other that no channel of kind message or request joins?
// :param {senders: ['4398046511325'], at: datetime('2026-11-23T00:00:00Z'), pack: 'article'}
// param senders: LIST<STRING>, the ids of those whose pairs are counted
// param at: ZONED DATETIME, the instant asked about, in UTC
// param pack: STRING, a rule pack by name
// column reason: STRING, a code; one that no pair has is no row
// column pairs: INTEGER, ordered pairs not reachable free on such a channel of which it stands
// column pairs_alone: INTEGER, of those, the ones where without it such a channel would be open
// order: reason by code point
// scan: pairs
// include: asked
UNWIND $senders AS sender
MATCH (s:Member {id: sender})
// include: effective_tier
WITH *, s AS m, head([tier IN tiers WHERE tier.name = effective]) AS tier
// include: everybody
WITH *, other AS r
// include: blocks
// include: rules
WITH codes, reachable_free, [channel IN channels WHERE channel.kind IN free | channel.reasons] AS denied
WHERE NOT reachable_free
UNWIND [code IN codes WHERE any(reasons IN denied WHERE code IN reasons)] AS reason
RETURN reason, count(*) AS pairs, sum(CASE WHEN [reason] IN denied THEN 1 ELSE 0 END) AS pairs_alone
ORDER BY reason
