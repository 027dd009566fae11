// title: How many pairs are there from segment to segment, and how many of them are reachable?
// :param {senders: ['4398046511325'], by: 'location', at: datetime('2026-11-23T00:00:00Z'), pack: 'article'}
// param senders: LIST<STRING>, the ids of those whose pairs are counted
// param by: STRING, a column of members; tier means the effective one
// param at: ZONED DATETIME, the instant asked about, in UTC
// param pack: STRING, a rule pack by name
// column sender_segment: STRING, no value is ''
// column recipient_segment: STRING
// column pairs: INTEGER, ordered pairs of members who are not gone
// column reachable: INTEGER
// order: sender_segment, recipient_segment by code point
// scan: pairs
// include: asked
UNWIND $senders AS sender
MATCH (s:Member {id: sender})
WHERE NOT s.status IN gone
// include: effective_tier
WITH *, s AS m, head([tier IN tiers WHERE tier.name = effective]) AS tier
// include: everybody
WITH *, other AS r
WHERE NOT r.status IN gone
// include: blocks
// include: stored
// include: rules
CALL (r, tiers, at) {
  WITH *, r AS s
  // include: effective_tier
  RETURN effective AS recipient_tier
}
WITH CASE $by WHEN 'tier' THEN effective ELSE coalesce(toString(s[$by]), '') END AS sender_segment,
     CASE $by WHEN 'tier' THEN recipient_tier ELSE coalesce(toString(r[$by]), '') END AS recipient_segment,
     reachable
RETURN sender_segment, recipient_segment, count(*) AS pairs, sum(CASE WHEN reachable THEN 1 ELSE 0 END) AS reachable
ORDER BY sender_segment, recipient_segment
