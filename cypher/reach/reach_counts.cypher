// title: How many does one member reach, and by which channels?
// :param {member: '4398046511325', at: datetime('2026-11-23T00:00:00Z'), pack: 'article', as_tier: ''}
// param member: STRING, the sender's id
// param at: ZONED DATETIME, the instant asked about, in UTC
// param pack: STRING, a rule pack by name
// param as_tier: STRING, the tier to ask the sender as, '' for their own
// column measure: STRING, reach_now, reach_now_free, and open_CHANNEL for each channel of the pack
// column value: INTEGER, how many others
// order: reach_now, reach_now_free, then the order of the rules; none where something is unknown
// scan: members
// include: asked
// include: every_tier_defined
MATCH (s:Member {id: $member})
// include: effective_tier
WITH *, s AS m, head([tier IN tiers WHERE tier.name = CASE $as_tier WHEN '' THEN effective ELSE $as_tier END]) AS tier
WHERE tier IS NOT NULL
CALL (s, m, tier, at, gone, pack, tiers, offered, direct_reach) {
  // include: everybody
  WITH *, other AS r
  // include: blocks
  // include: stored
  // include: rules
  UNWIND CASE WHEN reachable THEN ['reach_now'] ELSE [] END
         + CASE WHEN reachable_free THEN ['reach_now_free'] ELSE [] END
         + [channel IN channels WHERE channel.open | 'open_' + channel.channel] AS open
  WITH open, count(*) AS others
  RETURN collect({measure: open, value: others}) AS counted
}
WITH counted, ['reach_now', 'reach_now_free'] + [channel IN offered | 'open_' + channel.name] AS measures
UNWIND range(0, size(measures) - 1) AS place
WITH place, measures[place] AS measure, counted
RETURN measure, coalesce(head([one IN counted WHERE one.measure = measure | one.value]), 0) AS value
ORDER BY place
