// title: Which company pages are there, a page in the order of ids?
// :param {after: '', limit: 100}
// param after: STRING, the id after which the page begins, '' for the first
// param limit: INTEGER, at most so many rows
// column id: STRING
// column name: STRING, or null
// column version: INTEGER, the version of the graph
// order: id
// scan: none
OPTIONAL MATCH (state:GraphState {id: 'graph'})
WITH coalesce(state.version, 0) AS version
MATCH (company:Company)
WHERE company.id > $after
RETURN company.id AS id, company.name AS name, version
ORDER BY id
LIMIT toInteger($limit)
