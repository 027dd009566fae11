// title: Who is at which degree of one member?
// :param {member: '8796093022357', max_degree: 2}
// param member: STRING, an id
// param max_degree: INTEGER, 1 to 3
// column degree: INTEGER
// column path: PATH, one shortest way to each
// order: degree, id of the other end by code point
// scan: none
// include: gone
MATCH (m:Member {id: $member})
WHERE NOT m.status IN gone
MATCH path = SHORTEST 1 (m)(()-[:CONNECTED_TO]-(n WHERE NOT n.status IN gone)){1,3}(other)
WHERE other <> m AND length(path) <= $max_degree
RETURN length(path) AS degree, path
ORDER BY degree, other.id
