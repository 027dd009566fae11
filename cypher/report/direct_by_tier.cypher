// title: How many others could each of these senders write to directly, as if on each tier?
// :param {senders: ['8796093022357'], at: datetime('2026-11-23T00:00:00Z'), pack: 'article'}
// param senders: LIST<STRING>, ids
// param at: ZONED DATETIME, the instant asked about, in UTC
// param pack: STRING, a rule pack by name
// column member: STRING
// column measure: STRING, direct_as_TIER
// column value: INTEGER, how many others; a count of 0 has no row
// order: member by code point, measure
// scan: none
// include: asked
UNWIND $senders AS sender
MATCH (s:Member {id: sender})
WITH *, s AS m
// include: linked
WITH *, other AS r
WHERE degree IS NOT NULL
// include: blocks
UNWIND tiers AS tier
// include: stored
// include: rules
WITH s, tier, channels
WHERE any(channel IN channels WHERE channel.channel = 'direct' AND channel.open)
RETURN s.id AS member, 'direct_as_' + tier.name AS measure, count(*) AS value
ORDER BY member, measure
