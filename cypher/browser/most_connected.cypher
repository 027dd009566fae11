// title: Who has most connections, and who of them know each other?
// :param {most: 25}
// param most: INTEGER, so many members
// column member: NODE
// column connections: INTEGER
// order: connections, most first, then id by code point
// scan: members
MATCH (member:Member)
WITH member, COUNT { (member)-[:CONNECTED_TO]-() } AS connections
RETURN member, connections
ORDER BY connections DESC, member.id
LIMIT toInteger($most)
