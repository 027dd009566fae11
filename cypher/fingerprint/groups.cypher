// title: Every group with all that is said of it, and all relationships that begin there
// :param {}
// column id: STRING
// column properties: MAP
// column edges: LIST<LIST>, each a type and a list of pairs: the other end's id and a MAP of properties; in no order
// order: id
// scan: members
MATCH (group:Group)
WHERE group.id >= ''
RETURN group.id AS id, properties(group) AS properties,
  COLLECT {
    MATCH (group)-[edge]->(other)
    WITH type(edge) AS type, collect([other.id, properties(edge)]) AS edges
    RETURN [type, edges]
  } AS edges
ORDER BY id
