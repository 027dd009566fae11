// title: A graph that was restored gets a version that neither it nor the one before it has had
// :param {version: 1}
// param version: INTEGER, that of the graph before it
// column version: INTEGER, the new version
// order: one row
// scan: none
MERGE (state:GraphState {id: 'graph'})
SET state.version = CASE WHEN state.version > $version THEN state.version ELSE $version END + 1
SET state.loading = coalesce(state.loading, false)
RETURN state.version AS version
