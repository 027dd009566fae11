// title: Who could introduce a member to most others?
// :param {sender: '8796093022357', at: datetime('2026-11-23T00:00:00Z'), pack: 'article', as_tier: '', most: 10}
// param sender: STRING, an id
// param at: ZONED DATETIME, the instant asked about, in UTC
// param pack: STRING, a rule pack by name
// param as_tier: STRING, the tier to ask the sender as, '' for their own
// param most: INTEGER, at most so many introducers
// column path: PATH, from the member to the introducer
// column recipients: INTEGER, members whom the sender is not connected with, and the introducer can write to
// order: recipients, most first, then id of the introducer
// scan: none
// include: asked
// include: every_tier_defined
MATCH (s:Member {id: $sender})
// include: effective_tier
WITH *, CASE $as_tier WHEN '' THEN effective ELSE $as_tier END AS asked_as, s AS start
WHERE asked_as IN [tier IN tiers | tier.name] AND NOT s.status IN gone
CALL (start, gone) {
  MATCH (start)-[:CONNECTED_TO]-(x WHERE NOT x.status IN gone)
  RETURN collect(x) AS known
}
UNWIND known AS x
WITH *, start AS writer, x AS reader, asked_as AS as_tier
// include: can_write
WITH start, x, known, at, gone, pack, tiers, offered, direct_reach, can_write
WHERE can_write
CALL (start, x, known, at, gone, pack, tiers, offered, direct_reach) {
  MATCH (x)-[:CONNECTED_TO]-(other)
  WHERE other <> start AND NOT other IN known AND NOT EXISTS { (start)-[:BLOCKED]-(other) }
  WITH *, x AS writer, other AS reader, null AS as_tier
  // include: can_write
  WITH other, can_write
  WHERE can_write
  RETURN count(other) AS recipients
}
MATCH path = (start)-[:CONNECTED_TO]-(x)
WITH path, recipients, x.id AS introducer
ORDER BY recipients DESC, introducer
LIMIT toInteger($most)
RETURN path, recipients
ORDER BY recipients DESC, introducer
