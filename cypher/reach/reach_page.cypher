// title: Whom does one member reach, and by which channels, a page in the order of ids?
// :param {member: '4398046511325', at: datetime('2026-11-23T00:00:00Z'), pack: 'article', as_tier: null, asked_channels: null, max_degree: null, after: '', limit: 100}
// param member: STRING, the sender's id
// param at: ZONED DATETIME, the instant asked about, in UTC
// param pack: STRING, a rule pack by name
// param as_tier: STRING, the tier to ask the sender as, or null for their own
// param asked_channels: LIST<STRING>, at least one of these must be open; null: those of kind message, request and paid
// param max_degree: INTEGER, 1 to 3: nobody farther away and nobody without a degree; null: everybody
// param after: STRING, the id after which the page begins, '' for the first
// param limit: INTEGER, at most so many rows
// column recipient: STRING
// column degree: INTEGER, 1 to 3, or null where there is none
// column channels: LIST<STRING>, the open ones among those asked for, in the order of the rules
// column version: INTEGER, the version of the graph
// order: recipient by code point
// scan: none
// include: asked
// include: every_tier_defined
MATCH (s:Member {id: $member})
// include: effective_tier
WITH *, s AS m, head([tier IN tiers WHERE tier.name = coalesce($as_tier, effective)]) AS tier
WHERE tier IS NOT NULL AND all(name IN coalesce($asked_channels, []) WHERE name IN [channel IN offered | channel.name])
// include: near
MATCH (other:Member)
WHERE other.id > $after AND other <> m
// include: together
WITH *, other AS r
WHERE coalesce(degree <= $max_degree, $max_degree IS NULL)
// include: blocks
// include: rules
WITH r, version, degree, [channel IN channels WHERE channel.open AND
       CASE WHEN $asked_channels IS NULL THEN channel.kind IN messaging ELSE channel.channel IN $asked_channels END
     | channel.channel] AS open
WHERE open <> []
RETURN r.id AS recipient, degree, open AS channels, version
ORDER BY recipient
LIMIT toInteger($limit)
