// title: Which facts that are not known of whom do answers rest on that are not certain? (docs/rules.md, section 6)
// :param {senders: ['4398046511325'], at: datetime('2026-11-23T00:00:00Z'), pack: 'article'}
// param senders: LIST<STRING>, the ids of those whose pairs are counted
// param at: ZONED DATETIME, the instant asked about, in UTC
// param pack: STRING, a rule pack by name
// column member: STRING
// column fact: STRING, a name that is in the member's set
// column pairs: INTEGER, ordered pairs that are not certain, with the member on one side, that rest on it
// order: member by code point, fact
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
WITH s, r, messaging, channels_told, certain
WHERE NOT certain
WITH s, r, COLLECT {
       UNWIND channels_told AS channel
       UNWIND CASE WHEN channel.kind IN messaging THEN channel.rests_on ELSE [] END AS fact
       RETURN DISTINCT fact
     } AS facts
UNWIND [[s, 'sender.'], [r, 'recipient.']] AS side
WITH side[0] AS member, COLLECT {
       UNWIND facts AS fact
       RETURN CASE
         WHEN fact = 'degree' THEN 'connections'
         WHEN fact = 'groups' THEN 'groups'
         WHEN fact = 'pages' THEN 'companies'
         WHEN fact STARTS WITH side[1] THEN substring(fact, size(side[1]))
       END AS name
     } AS names
UNWIND [name IN names WHERE name IN coalesce(member.assumed, [])] AS fact
RETURN member.id AS member, fact, count(*) AS pairs
ORDER BY member, fact
