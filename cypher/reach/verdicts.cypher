// title: What may each sender send to the recipient, by which channel, and why not?
// :param {pairs: [{sender: '4398046511325', recipient: '6597069766661'}], at: datetime('2026-11-23T00:00:00Z'), pack: 'article', as_tier: null}
// param pairs: LIST<MAP>, of the keys sender and recipient, two different ids
// param at: ZONED DATETIME, the instant asked about, in UTC
// param pack: STRING, a rule pack by name
// param as_tier: STRING, the tier to ask the senders as, or null for their own
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
// column channels: LIST<MAP>, of the keys channel, kind, open and reasons
// column reachable: BOOLEAN
// column reachable_free: BOOLEAN
// column no_link: BOOLEAN
// order: position
// scan: none
// include: asked
UNWIND range(0, size($pairs) - 1) AS position
MATCH (s:Member {id: $pairs[position].sender})
MATCH (r:Member {id: $pairs[position].recipient})
// include: effective_tier
WITH *, head([tier IN tiers WHERE tier.name = coalesce($as_tier, effective)]) AS tier
WHERE tier IS NOT NULL
CALL (s, r, gone) {
  OPTIONAL MATCH path = SHORTEST 1 (s)(()-[:CONNECTED_TO]-(n WHERE NOT n.status IN gone)){1,3}(r)
  WHERE NOT s.status IN gone
  RETURN length(path) AS degree, [n IN nodes(path) | n.id] AS path
}
CALL (s, r, gone) {
  MATCH (s)-[:CONNECTED_TO]-(mutual)-[:CONNECTED_TO]-(r)
  WHERE NOT s.status IN gone AND NOT mutual.status IN gone AND NOT r.status IN gone
  RETURN count(mutual) AS mutuals
}
CALL (s, r, gone) {
  MATCH (s)-[:MEMBER_OF]->(group:Group {messaging: true})<-[:MEMBER_OF]-(r)
  WHERE NOT s.status IN gone AND NOT r.status IN gone
  WITH group.id AS group
  ORDER BY group
  RETURN collect(group) AS groups
}
CALL (s, r, gone) {
  MATCH (s)-[mine:WORKS_AT|FOLLOWS]->(page:Company)<-[theirs:WORKS_AT|FOLLOWS]-(r)
  WHERE NOT s.status IN gone AND NOT r.status IN gone
    AND coalesce(mine.until > $at, true) AND coalesce(theirs.until > $at, true)
  WITH page.id AS page, max(CASE WHEN mine:WORKS_AT AND theirs:WORKS_AT THEN 1 ELSE 0 END) AS workplace
  ORDER BY page
  RETURN collect(page) AS all_pages, collect(CASE workplace WHEN 1 THEN page END) AS workplaces
}
WITH *, size(groups) AS shared_groups, size(all_pages) AS shared_pages, size(workplaces) AS shared_workplaces
// include: rules
RETURN position, s.id AS sender, r.id AS recipient, tier.name AS tier, degree, path, mutuals, groups,
       CASE pack.page_ties WHEN 'works_at' THEN workplaces ELSE all_pages END AS pages,
       s.inmail_credits AS credits, gates, channels, reachable, reachable_free, no_link
ORDER BY position
