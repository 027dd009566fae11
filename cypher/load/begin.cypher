// title: A load begins: the graph has a new version
// :param {}
// column version: INTEGER, the new version
// order: one row
// scan: none
MERGE (state:GraphState {id: 'graph'})
SET state.version = coalesce(state.version, 0) + 1, state.loading = true
RETURN state.version AS version
