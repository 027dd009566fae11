// title: Which ways lead from one member to another by introductions?
// :param {sender: '8796093022357', recipient: '4398046511333', at: datetime('2026-11-23T00:00:00Z'), pack: 'article', as_tier: '', through: [], without: [], every_way: false, most: 10}
// param sender: STRING, an id
// param recipient: STRING, another one
// param at: ZONED DATETIME, the instant asked about, in UTC
// param pack: STRING, a rule pack by name
// param as_tier: STRING, the tier to ask the sender as, '' for their own
// param through: LIST<STRING>, members that a way has to run over, all of them
// param without: LIST<STRING>, members that no way may run over
// param every_way: BOOLEAN, whether all ways count, and not only the best one of each first introducer
// param most: INTEGER, at most so many ways
// column path: PATH, over one or two introducers
// column strength: INTEGER, in millionths
// order: strength, the strongest first, then fewer ties, then the ids along the way
// scan: none
// include: introductions
UNWIND ways AS way
CALL (start, target, way) {
  WITH * WHERE size(way.members) = 3
  MATCH path = (start)-[:CONNECTED_TO]-(:Member {id: way.members[1]})-[:CONNECTED_TO]-(target)
  RETURN path
  UNION ALL
  WITH * WHERE size(way.members) = 4
  MATCH path = (start)-[:CONNECTED_TO]-(:Member {id: way.members[1]})-[:CONNECTED_TO]-(:Member {id: way.members[2]})-[:CONNECTED_TO]-(target)
  RETURN path
}
RETURN path, way.strength AS strength
ORDER BY strength DESC, length(path), [n IN nodes(path) | n.id]
