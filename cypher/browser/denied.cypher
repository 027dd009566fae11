// title: Whom can one member not reach, though somebody knows both, and why not?
// :param {sender: '8796093022357', at: datetime('2026-11-23T00:00:00Z'), pack: 'article'}
// param sender: STRING, an id
// param at: ZONED DATETIME, the instant asked about, in UTC
// param pack: STRING, a rule pack by name
// column path: PATH, one shortest way to each of them
// column reasons: LIST<STRING>, all reasons of the channels of kind message, request and paid
// order: id of the other end by code point
// scan: none
// include: asked
MATCH (s:Member {id: $sender})
// include: effective_tier
WITH *, s AS m, head([tier IN tiers WHERE tier.name = effective]) AS tier
WHERE s.tier IN [tier IN tiers | tier.name] + ['']
// include: linked
WITH *, other AS r
WHERE degree = 2
// include: blocks
// include: stored
// include: rules
WITH s, r, gone, reachable,
     [code IN codes WHERE any(channel IN channels WHERE channel.kind IN messaging AND code IN channel.reasons)] AS reasons
WHERE NOT reachable
MATCH path = SHORTEST 1 (s)(()-[:CONNECTED_TO]-(n WHERE NOT n.status IN gone)){1,3}(r)
RETURN path, reasons
ORDER BY r.id
