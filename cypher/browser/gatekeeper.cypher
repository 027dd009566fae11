// title: Which pairs does one member alone join?
// :param {member: '4398046511325'}
// param member: STRING, an id
// column path: PATH, from one of the pair over the member to the other
// order: the ids of the pair by code point
// scan: none
// include: gone
MATCH (only:Member {id: $member})
WHERE NOT only.status IN gone
MATCH path = (m)-[:CONNECTED_TO]-(only)-[:CONNECTED_TO]-(other)
WHERE m.id < other.id AND NOT m.status IN gone AND NOT other.status IN gone
  AND NOT EXISTS { (m)-[:CONNECTED_TO]-(other) }
  AND NOT EXISTS { (m)-[:CONNECTED_TO]-(mutual WHERE mutual <> only AND NOT mutual.status IN gone)-[:CONNECTED_TO]-(other) }
RETURN path
ORDER BY m.id, other.id
