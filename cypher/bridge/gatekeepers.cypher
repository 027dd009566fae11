// title: Which pairs of degree 2 does one member alone join?
// :param {members: ['4398046511325']}
// param members: LIST<STRING>, the ids of those whose pairs with larger ids are counted
// column member: STRING, the only mutual; one who joins no pair has no row
// column pairs_only_they_join: INTEGER, unordered pairs
// order: member by code point
// scan: none
// include: gone
UNWIND $members AS member
MATCH (m:Member {id: member})
WHERE NOT m.status IN gone
MATCH (m)-[:CONNECTED_TO]-(mutual)-[:CONNECTED_TO]-(other)
WHERE m.id < other.id AND NOT mutual.status IN gone AND NOT other.status IN gone
WITH m, other, collect(mutual) AS mutuals
WHERE size(mutuals) = 1 AND NOT EXISTS { (m)-[:CONNECTED_TO]-(other) }
RETURN head(mutuals).id AS member, count(*) AS pairs_only_they_join
ORDER BY member
