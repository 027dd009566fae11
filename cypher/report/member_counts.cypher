// title: How many others does each of these senders reach, by which channel, and how many of the senders reach each member?
// :param {senders: ['4398046511325'], at: datetime('2026-11-23T00:00:00Z'), pack: 'article'}
// param senders: LIST<STRING>, the ids of those whose pairs are counted
// param at: ZONED DATETIME, the instant asked about, in UTC
// param pack: STRING, a rule pack by name
// column member: STRING
// column measure: STRING, one of degree_1 to degree_3, open_CHANNEL, reach_now, reach_now_free, reached_by_now, reached_by_now_free
// column value: INTEGER, how many others; a count of 0 has no row
// order: member by code point, measure
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
UNWIND [[s, 'degree_' + degree, degree IS NOT NULL],
        [s, 'reach_now', reachable], [s, 'reach_now_free', reachable_free],
        [r, 'reached_by_now', reachable], [r, 'reached_by_now_free', reachable_free]]
       + [channel IN channels | [s, 'open_' + channel.channel, channel.open]] AS count_of
WITH count_of[0] AS member, count_of[1] AS measure, count_of[2] AS counts
WHERE counts
RETURN member.id AS member, measure, count(*) AS value
ORDER BY member, measure
