// title: Whom do two members both know?
// :param {sender: '8796093022357', recipient: '4398046511333'}
// param sender: STRING, an id
// param recipient: STRING, another one
// column path: PATH, over one mutual
// order: id of the mutual by code point
// scan: none
// include: gone
MATCH path = (s:Member {id: $sender})-[:CONNECTED_TO]-(mutual)-[:CONNECTED_TO]-(r:Member {id: $recipient})
WHERE NOT s.status IN gone AND NOT mutual.status IN gone AND NOT r.status IN gone
RETURN path
ORDER BY mutual.id
