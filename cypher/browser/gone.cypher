// title: Who is gone, and whom did they know?
// :param {}
// column path: PATH, a member who is gone, and a connection of theirs
// order: the ids of the two by code point
// scan: members
// include: gone
MATCH path = (m:Member)-[:CONNECTED_TO]-(other)
WHERE m.status IN gone
RETURN path
ORDER BY m.id, other.id
