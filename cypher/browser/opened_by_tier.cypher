// title: Whom could one member write to directly on another tier, and not on their own?
// :param {sender: '8796093022357', as_tier: 'career', at: datetime('2026-11-23T00:00:00Z'), pack: 'article'}
// param sender: STRING, an id
// param as_tier: STRING, the other tier
// param at: ZONED DATETIME, the instant asked about, in UTC
// param pack: STRING, a rule pack by name
// column degree: INTEGER
// column path: PATH, one shortest way to each of them
// order: degree, id of the other end by code point
// scan: none
// include: asked
MATCH (s:Member {id: $sender})
// include: effective_tier
WITH *, s AS m
WHERE s.tier IN [tier IN tiers | tier.name] + ['']
// include: linked
WITH *, other AS r
WHERE degree IS NOT NULL
// include: blocks
UNWIND [tier IN tiers WHERE tier.name IN [effective, $as_tier]] AS tier
// include: stored
// include: rules
WITH s, r, gone, effective, tier, channels
WHERE any(channel IN channels WHERE channel.channel = 'direct' AND channel.open)
WITH s, r, gone, effective, collect(tier.name) AS open_on
WHERE NOT effective IN open_on
MATCH path = SHORTEST 1 (s)(()-[:CONNECTED_TO]-(n WHERE NOT n.status IN gone)){1,3}(r)
RETURN length(path) AS degree, path
ORDER BY degree, r.id
