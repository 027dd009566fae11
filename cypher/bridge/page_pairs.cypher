// title: Which unordered pairs does each company page bring together, and which of them does nothing else?
// :param {members: ['4398046511325'], at: datetime('2026-11-23T00:00:00Z')}
// param members: LIST<STRING>, the ids of those whose pairs with larger ids are counted
// param at: ZONED DATETIME, the instant asked about, in UTC
// column page: STRING, a page without pairs has no row
// column pairs: INTEGER, of members who are not gone
// column pairs_no_degree: INTEGER
// column pairs_only_here: INTEGER, not connected, and no other group or page in common
// order: page by code point
// scan: none
// include: gone
WITH *, $at AS at
UNWIND $members AS member
MATCH (m:Member {id: member})
// include: linked
WITH *
WHERE shared_pages > 0 AND m.id < other.id
MATCH (m)-[mine:WORKS_AT|FOLLOWS]->(page:Company)<-[theirs:WORKS_AT|FOLLOWS]-(other)
WHERE coalesce(mine.until > at, true) AND coalesce(theirs.until > at, true)
WITH DISTINCT m, other, page, degree, shared_groups, shared_pages
RETURN page.id AS page, count(*) AS pairs,
       sum(CASE WHEN degree IS NULL THEN 1 ELSE 0 END) AS pairs_no_degree,
       sum(CASE WHEN coalesce(degree > 1, true) AND shared_groups + shared_pages = 1 THEN 1 ELSE 0 END) AS pairs_only_here
ORDER BY page
