// title: What keeps pairs from each other that no channel of kind message or request joins?
// :param {senders: ['4398046511325'], at: datetime('2026-11-23T00:00:00Z'), pack: 'article'}
// param senders: LIST<STRING>, the ids of those whose pairs are counted
// param at: ZONED DATETIME, the instant asked about, in UTC
// param pack: STRING, a rule pack by name
// column reason: STRING, a code, or what stands in place of those that are withheld; one that no pair has is no row
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
// include: stored
// include: rules
WITH codes, withheld, in_place, reachable_free, [channel IN channels WHERE channel.kind IN free | channel.reasons] AS denied
WHERE NOT reachable_free
UNWIND [each IN [code IN codes | {name: code, of: [code]}] + [{name: in_place, of: withheld}]
        WHERE any(reasons IN denied WHERE any(code IN reasons WHERE code IN each.of))] AS each
RETURN each.name AS reason, count(*) AS pairs,
       sum(CASE WHEN any(reasons IN denied WHERE all(code IN reasons WHERE code IN each.of)) THEN 1 ELSE 0 END) AS pairs_alone
ORDER BY reason
