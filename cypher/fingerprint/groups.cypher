// title: Every group with all that is said of it, and all relationships that begin there
// :param {}
// column id: STRING
// column properties: LIST<LIST>, each a name and a value, a time as a map of its text; in no order
// column edges: LIST<LIST>, each a type and a list of pairs: the other end's id, and properties as above; in no order
// order: id
// scan: members
MATCH (group:Group)
WHERE group.id IS NOT NULL
RETURN group.id AS id,
  [key IN keys(group) | [key, CASE
    WHEN group[key] IS :: ZONED DATETIME THEN {datetime: toString(group[key])}
    ELSE group[key]
  END]] AS properties,
  COLLECT {
    MATCH (group)-[edge]->(other)
    WITH type(edge) AS type, collect([other.id, [key IN keys(edge) | [key, CASE
      WHEN edge[key] IS :: ZONED DATETIME THEN {datetime: toString(edge[key])}
      ELSE edge[key]
    END]]]) AS edges
    RETURN [type, edges]
  } AS edges
ORDER BY id
