// title: Who reaches one member, and by which channels, a page in the order of ids?
// :param {member: '4398046511325', at: datetime('2026-11-23T00:00:00Z'), pack: 'article', as_tier: '', asked_channels: [], max_degree: 0, after: '', limit: 100, window: 2000}
// param member: STRING, the recipient's id
// param at: ZONED DATETIME, the instant asked about, in UTC
// param pack: STRING, a rule pack by name
// param as_tier: STRING, the tier to ask every sender as, '' for their own
// param asked_channels: LIST<STRING>, at least one of these must be open; none: those of kind message, request and paid
// param max_degree: INTEGER, 1 to 3: nobody farther away and nobody without a degree; 0: everybody
// param after: STRING, the id after which the page begins, '' for the first
// param limit: INTEGER, at most so many rows
// param window: INTEGER, so many members after `after` are looked at, and one more
// column sender: STRING
// column degree: INTEGER, 1 to 3, or null where there is none
// column channels: LIST<STRING>, the open ones among those asked for, in the order of the rules; none: only the window ends here
// column window_ends: BOOLEAN, whether there may be more beyond this row, which nobody has looked at
// column version: INTEGER, the version of the graph
// order: sender by code point
// scan: none
// include: asked
// include: every_tier_defined
MATCH (r:Member {id: $member})
WITH *, r AS m
WHERE all(name IN $asked_channels WHERE name IN [channel IN offered | channel.name])
// include: near
// include: window
// include: together
WITH *, other AS s
// include: effective_tier
WITH *, head([tier IN tiers WHERE tier.name = CASE $as_tier WHEN '' THEN effective ELSE $as_tier END]) AS tier
WHERE tier IS NOT NULL
// include: blocks
// include: rules
WITH s, version, degree, coalesce(s = window_end, false) AS window_ends, [channel IN channels WHERE channel.open AND
       CASE WHEN $asked_channels = [] THEN channel.kind IN messaging ELSE channel.channel IN $asked_channels END
     | channel.channel] AS open, other <> m AND ($max_degree = 0 OR coalesce(degree <= $max_degree, false)) AS counts
WITH *, CASE WHEN counts THEN open ELSE [] END AS counted
WHERE counted <> [] OR window_ends
RETURN s.id AS sender, degree, counted AS channels, window_ends, version
ORDER BY sender
LIMIT toInteger($limit)
