// title: How many do these senders reach for certain, now and possibly, and by how many of them is each member reached?
// :param {senders: ['4398046511325'], at: datetime('2026-11-23T00:00:00Z'), pack: 'article'}
// param senders: LIST<STRING>, the ids of those whose pairs are counted
// param at: ZONED DATETIME, the instant asked about, in UTC
// param pack: STRING, a rule pack by name
// column member: STRING
// column measure: STRING, reach, reach_free, reached_by or reached_by_free, each with _certain, _now and _possible
// column value: INTEGER, how many others; a count of 0 has no row
// order: member by code point, measure
// scan: pairs
// include: asked
UNWIND $senders AS sender
MATCH (s:Member {id: sender})
// include: effective_tier
WITH *, s AS m, true AS own_tier, head([tier IN tiers WHERE tier.name = effective]) AS tier
// include: steps
// include: everybody
WITH *, other AS r
// include: blocks
// include: unsure
// include: assumed
// include: rules
// include: certainty
UNWIND [[s, 'reach', reachable, certain, possible], [s, 'reach_free', reachable_free, certain_free, possible_free],
        [r, 'reached_by', reachable, certain, possible], [r, 'reached_by_free', reachable_free, certain_free, possible_free]] AS way
UNWIND [['_certain', way[2] AND way[3]], ['_now', way[2]], ['_possible', way[4]]] AS each
WITH way[0] AS member, way[1] + each[0] AS measure, each[1] AS counts
WHERE counts
RETURN member.id AS member, measure, count(*) AS value
ORDER BY member, measure
