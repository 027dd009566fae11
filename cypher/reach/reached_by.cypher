// title: Who reaches one member, and by which channels?
// :param {member: '4398046511325', at: datetime('2026-11-23T00:00:00Z'), pack: 'article', as_tier: '', asked_channels: [], max_degree: 0, possible: false}
// param member: STRING, the recipient's id
// param at: ZONED DATETIME, the instant asked about, in UTC
// param pack: STRING, a rule pack by name
// param as_tier: STRING, the tier to ask every sender as, '' for their own
// param asked_channels: LIST<STRING>, at least one of these must be open; none: those of kind message, request and paid
// param max_degree: INTEGER, 1 to 3: nobody farther away and nobody without a degree; 0: everybody
// param possible: BOOLEAN, whether also those are listed who are not reached and possibly are
// column sender: STRING
// column degree: INTEGER, 1 to 3, or null where there is none
// column channels: LIST<STRING>, the open ones among those asked for, in the order of the rules; none: possibly reached
// column certain: BOOLEAN, whether that is certain of the channels asked for
// order: degree (none last), sender by code point
// scan: members
// include: asked
// include: every_tier_defined
MATCH (r:Member {id: $member})
WITH *, r AS m
WHERE all(name IN $asked_channels WHERE name IN [channel IN offered | channel.name])
// include: steps
// include: everybody
WITH *, other AS s
WHERE $max_degree = 0 OR degree <= $max_degree
WITH *
ORDER BY degree, s.id // here, where a row is small, and not when it has the rules in it
// include: effective_tier
WITH *, head([tier IN tiers WHERE tier.name = CASE $as_tier WHEN '' THEN effective ELSE $as_tier END]) AS tier
WHERE tier IS NOT NULL
// include: blocks
WITH *, $as_tier = '' AS own_tier
// include: assumed
// include: rules
// include: certainty
// include: about
WITH *
WHERE open <> [] OR ($possible AND possibly_reached)
RETURN s.id AS sender, degree, open AS channels, reached_for_certain AS certain
ORDER BY degree, sender
