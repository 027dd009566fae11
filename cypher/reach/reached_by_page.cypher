// title: Who reaches one member, and by which channels, a page in the order of ids?
// :param {member: '4398046511325', at: datetime('2026-11-23T00:00:00Z'), pack: 'article', as_tier: '', asked_channels: [], max_degree: 0, possible: false, after: '', limit: 100, window: 2000}
// param member: STRING, the recipient's id
// param at: ZONED DATETIME, the instant asked about, in UTC
// param pack: STRING, a rule pack by name
// param as_tier: STRING, the tier to ask every sender as, '' for their own
// param asked_channels: LIST<STRING>, at least one of these must be open; none: those of kind message, request and paid
// param max_degree: INTEGER, 1 to 3: nobody farther away and nobody without a degree; 0: everybody
// param possible: BOOLEAN, whether also those are listed who are not reached and possibly are
// param after: STRING, the id after which the page begins, '' for the first
// param limit: INTEGER, at most so many rows
// param window: INTEGER, so many members after `after` are looked at, and one more
// column sender: STRING
// column degree: INTEGER, 1 to 3, or null where there is none
// column channels: LIST<STRING>, the open ones among those asked for, in the order of the rules
// column certain: BOOLEAN, whether that is certain of the channels asked for
// column listed: BOOLEAN, whether the member belongs to the list; else only the window ends here
// column window_ends: BOOLEAN, whether there may be more beyond this row, which nobody has looked at
// column version: INTEGER, the version of the graph
// order: sender by code point
// scan: none
// include: asked
// include: every_tier_defined
MATCH (r:Member {id: $member})
WITH *, r AS m
WHERE all(name IN $asked_channels WHERE name IN [channel IN offered | channel.name])
// include: steps
// include: near
// include: window
// include: together
WITH *, other AS s
// include: effective_tier
WITH *, head([tier IN tiers WHERE tier.name = CASE $as_tier WHEN '' THEN effective ELSE $as_tier END]) AS tier
WHERE tier IS NOT NULL
// include: blocks
WITH *, $as_tier = '' AS own_tier
// include: unsure
// include: assumed
// include: rules
// include: certainty
// include: about
WITH *, coalesce(s = window_end, false) AS window_ends,
     other <> m AND ($max_degree = 0 OR coalesce(degree <= $max_degree, false)) AND (open <> [] OR ($possible AND possibly_reached)) AS listed
WHERE listed OR window_ends
RETURN s.id AS sender, degree, open AS channels, reached_for_certain AS certain, listed, window_ends, version
ORDER BY sender
LIMIT toInteger($limit)
