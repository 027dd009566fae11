// title: Which are the shortest ways between two members?
// :param {sender: '8796093022357', recipient: '4398046511333'}
// param sender: STRING, an id
// param recipient: STRING, another one
// column path: PATH, of 1 to 3 connections; longer is no way
// order: the ids on the path
// scan: none
// include: gone
MATCH (s:Member {id: $sender})
MATCH (r:Member {id: $recipient})
WHERE NOT s.status IN gone
MATCH path = ALL SHORTEST (s)(()-[:CONNECTED_TO]-(n WHERE NOT n.status IN gone)){1,3}(r)
RETURN path
ORDER BY [n IN nodes(path) | n.id]
