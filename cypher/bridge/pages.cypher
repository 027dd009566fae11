// title: Every company page, and how many members who are not gone are tied to it
// :param {at: datetime('2026-11-23T00:00:00Z')}
// param at: ZONED DATETIME, the instant asked about, in UTC
// column page: STRING
// column members: INTEGER, each counted once
// order: page by code point
// scan: members
// include: gone
MATCH (page:Company)
OPTIONAL MATCH (page)<-[tie:WORKS_AT|FOLLOWS]-(m:Member)
WHERE NOT m.status IN gone AND coalesce(tie.until > $at, true)
RETURN page.id AS page, count(DISTINCT m) AS members
ORDER BY page
