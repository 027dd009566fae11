// title: Every company with all that is said of it, and all relationships that begin there
// :param {}
// column id: STRING
// column properties: LIST<LIST>, each a name and a value, a time as a map of its text; in no order
// column edges: LIST<LIST>, each a type and a list of pairs: the other end's id, and properties as above; in no order
// order: id
// scan: members
MATCH (company:Company)
WHERE company.id IS NOT NULL
RETURN company.id AS id,
  [key IN keys(company) | [key, CASE
    WHEN company[key] IS :: ZONED DATETIME THEN {datetime: toString(company[key])}
    ELSE company[key]
  END]] AS properties,
  COLLECT {
    MATCH (company)-[edge]->(other)
    WITH type(edge) AS type, collect([other.id, [key IN keys(edge) | [key, CASE
      WHEN edge[key] IS :: ZONED DATETIME THEN {datetime: toString(edge[key])}
      ELSE edge[key]
    END]]]) AS edges
    RETURN [type, edges]
  } AS edges
ORDER BY id
