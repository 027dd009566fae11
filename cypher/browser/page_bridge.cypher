// title: Which pairs have one company page in common and nothing else?
// :param {page: '915', at: datetime('2026-11-23T00:00:00Z')}
// param page: STRING, the id of a company page
// param at: ZONED DATETIME, the instant asked about, in UTC
// column path: PATH, from one of the pair over the page to the other
// order: the ids of the pair by code point, then since of their ties
// scan: none
// include: gone
WITH *, $at AS at
MATCH (bridge:Company {id: $page})
CALL (bridge, gone, at) {
  MATCH (bridge)<-[tie:WORKS_AT|FOLLOWS]-(m:Member)
  WHERE coalesce(tie.until > at, true) AND NOT m.status IN gone
  RETURN DISTINCT m
}
// include: linked
WITH *
WHERE m.id < other.id AND coalesce(degree > 1, true) AND shared_groups = 0 AND shared_pages = 1
MATCH path = (m)-[mine:WORKS_AT|FOLLOWS]->(bridge)<-[theirs:WORKS_AT|FOLLOWS]-(other)
WHERE coalesce(mine.until > at, true) AND coalesce(theirs.until > at, true)
RETURN path
ORDER BY m.id, other.id, mine.since, theirs.since
