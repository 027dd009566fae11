// title: Every member with all that is said of it, and all relationships that begin there
// :param {}
// column id: STRING
// column properties: MAP
// column edges: LIST<LIST>, each a type and a list of pairs: the other end's id and a MAP of properties; in no order
// order: id
// scan: members
MATCH (member:Member)
WHERE member.id >= ''
RETURN member.id AS id, properties(member) AS properties,
  COLLECT {
    MATCH (member)-[edge]->(other)
    WITH type(edge) AS type, collect([other.id, properties(edge)]) AS edges
    RETURN [type, edges]
  } AS edges
ORDER BY id
