// title: Every company with all that is said of it, and all relationships that begin there
// :param {}
// column id: STRING
// column properties: MAP
// column edges: LIST<LIST>, each a type and a list of pairs: the other end's id and a MAP of properties; in no order
// order: id
// scan: members
MATCH (company:Company)
WHERE company.id >= ''
RETURN company.id AS id, properties(company) AS properties,
  COLLECT {
    MATCH (company)-[edge]->(other)
    WITH type(edge) AS type, collect([other.id, properties(edge)]) AS edges
    RETURN [type, edges]
  } AS edges
ORDER BY id
