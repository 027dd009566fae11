// title: Who has blocked or limited whom?
// :param {}
// column path: PATH, from the one who blocks or limits to the other
// order: the ids of the two by code point, type
// scan: none
MATCH path = (one)-[block:BLOCKED|LIMITED]->(other)
RETURN path
ORDER BY one.id, other.id, type(block)
