// title: Which pairs have one group in common and nothing else?
// :param {group: '137438954273', at: datetime('2026-11-23T00:00:00Z')}
// param group: STRING, the id of a group with messaging on
// param at: ZONED DATETIME, the instant asked about, in UTC
// column path: PATH, from one of the pair over the group to the other
// order: the ids of the pair by code point
// scan: none
// include: gone
WITH *, $at AS at
MATCH (bridge:Group {id: $group, messaging: true})<-[:MEMBER_OF]-(m:Member)
WHERE NOT m.status IN gone
// include: linked
WITH *
WHERE m.id < other.id AND coalesce(degree > 1, true) AND shared_groups = 1 AND shared_pages = 0
MATCH path = (m)-[:MEMBER_OF]->(bridge)<-[:MEMBER_OF]-(other)
RETURN path
ORDER BY m.id, other.id
