// title: What is known of one member, and the groups and pages that they share with others
// :param {member: '4398046511325', at: datetime('2026-11-23T00:00:00Z'), pack: 'article', most: 100}
// param member: STRING
// param at: ZONED DATETIME, the instant asked about, in UTC
// param pack: STRING, a rule pack by name
// param most: INTEGER, at most so many groups, and so many pages
// column properties: MAP, every column of the member
// column effective_tier: STRING
// column gone: BOOLEAN
// column connections: INTEGER
// column groups: LIST<MAP>, by id, of the keys id, name and messaging
// column more_groups: INTEGER, how many groups are left out
// column pages: LIST<MAP>, by id, of the keys id, name, works and follows: the ties that hold at the instant
// column more_pages: INTEGER
// order: one row, none where something is unknown
// scan: none
// include: asked
MATCH (s:Member {id: $member})
// include: effective_tier
WITH *
WHERE s.tier IN [tier IN tiers | tier.name] + ['']
WITH *,
     COLLECT {
       MATCH (s)-[:MEMBER_OF]->(group:Group)
       RETURN group {.id, .name, .messaging} ORDER BY group.id
     } AS groups,
     COLLECT {
       MATCH (s)-[tie:WORKS_AT|FOLLOWS]->(page:Company)
       WHERE coalesce(tie.until > at, true)
       WITH page, collect(tie) AS ties
       RETURN page {.id, .name, works: any(tie IN ties WHERE tie:WORKS_AT), follows: any(tie IN ties WHERE tie:FOLLOWS)} ORDER BY page.id
     } AS pages,
     toInteger($most) AS most
RETURN properties(s) AS properties, effective AS effective_tier, s.status IN gone AS gone,
       COUNT { (s)-[:CONNECTED_TO]-() } AS connections,
       groups[..most] AS groups, CASE WHEN size(groups) > most THEN size(groups) - most ELSE 0 END AS more_groups,
       pages[..most] AS pages, CASE WHEN size(pages) > most THEN size(pages) - most ELSE 0 END AS more_pages
