// title: Whom do two members both know?
// :param {sender: '8796093022357', recipient: '4398046511333', most: 100}
// param sender: STRING, an id
// param recipient: STRING, another one
// param most: INTEGER, at most so many mutuals
// column mutuals: LIST<MAP>, members who are not gone and connected to both, by id by code point, of the keys id and name
// column more: INTEGER, how many are left out
// order: one row, none where an id is nobody's
// scan: none
// include: gone
MATCH (s:Member {id: $sender})
MATCH (r:Member {id: $recipient})
CALL (s, r, gone) {
  MATCH (s)-[:CONNECTED_TO]-(mutual)-[:CONNECTED_TO]-(r)
  USING JOIN ON mutual  // as in pair.cypher
  WHERE NOT s.status IN gone AND NOT mutual.status IN gone AND NOT r.status IN gone
  WITH mutual {.id, .name} AS mutual
  ORDER BY mutual.id
  RETURN collect(mutual) AS everyone
}
WITH everyone, toInteger($most) AS most
RETURN everyone[..most] AS mutuals, CASE WHEN size(everyone) > most THEN size(everyone) - most ELSE 0 END AS more
