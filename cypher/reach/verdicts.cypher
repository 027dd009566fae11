// title: What may each sender send to the recipient, by which channel, and why not?
// :param {pairs: [{sender: '8796093022357', recipient: '4398046511333'}], at: datetime('2026-11-23T00:00:00Z'), pack: 'article', as_tier: ''}
// param pairs: LIST<MAP>, of the keys sender and recipient, two different ids
// param at: ZONED DATETIME, the instant asked about, in UTC
// param pack: STRING, a rule pack by name
// param as_tier: STRING, the tier to ask the senders as, '' for their own
// column position: INTEGER, the place of the pair in the question; a pair of unknown ids has no row
// column sender: STRING
// column recipient: STRING
// column tier: STRING, the tier asked as
// column degree: INTEGER, 1 to 3, or null where there is none
// column path: LIST<STRING>, the ids on one shortest path, or null
// column mutuals: INTEGER
// column groups: LIST<STRING>, the shared groups by id
// column pages: LIST<STRING>, the shared pages that count for the channel company_page, by id
// column credits: INTEGER, the sender's InMail credits
// column gates: LIST<STRING>
// column channels: LIST<MAP>, of the keys channel, kind, open, reasons and rests_on
// column reasons: LIST<STRING>, all reasons of the channels of kind message, request and paid
// column reachable: BOOLEAN
// column reachable_free: BOOLEAN
// column no_link: BOOLEAN
// column certain: BOOLEAN
// column possible: BOOLEAN
// column certain_free: BOOLEAN
// column possible_free: BOOLEAN
// order: position
// scan: none
// include: asked
UNWIND range(0, size($pairs) - 1) AS position
MATCH (s:Member {id: $pairs[position].sender})
MATCH (r:Member {id: $pairs[position].recipient})
// include: effective_tier
WITH *, [tier IN tiers | tier.name] + [''] AS defined
WHERE s.tier IN defined AND r.tier IN defined
WITH *, head([tier IN tiers WHERE tier.name = CASE $as_tier WHEN '' THEN effective ELSE $as_tier END]) AS tier
WHERE tier IS NOT NULL
// include: pair
// include: blocks
WITH *, s AS m, r AS other, $as_tier = '' AS own_tier
// include: steps
// include: unsure
// include: assumed
// include: rules
// include: certainty
RETURN position, s.id AS sender, r.id AS recipient, tier.name AS tier, degree, path, mutuals, groups,
       CASE pack.page_ties WHEN 'works_at' THEN workplaces ELSE pages END AS pages,
       s.inmail_credits AS credits, gates, channels_told AS channels,
       [code IN codes WHERE any(channel IN channels WHERE channel.kind IN messaging AND code IN channel.reasons)] AS reasons,
       reachable, reachable_free, no_link, certain, possible, certain_free, possible_free
ORDER BY position
