// title: Which groups are there, a page in the order of ids?
// :param {after: '', limit: 100}
// param after: STRING, the id after which the page begins, '' for the first
// param limit: INTEGER, at most so many rows
// column id: STRING
// column name: STRING, or null
// column messaging: BOOLEAN, whether its members can write to each other there
// column version: INTEGER, the version of the graph
// order: id
// scan: none
OPTIONAL MATCH (state:GraphState {id: 'graph'})
WITH coalesce(state.version, 0) AS version
MATCH (group:Group)
WHERE group.id > $after
RETURN group.id AS id, group.name AS name, group.messaging AS messaging, version
ORDER BY id
LIMIT toInteger($limit)
