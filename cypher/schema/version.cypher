// title: The version of the graph, and whether a load is under way or was cut short
// :param {}
// column version: INTEGER, one more with each load
// column loading: BOOLEAN, true from a load's first transaction to its last
// order: one row, none before the first load
// scan: none
MATCH (state:GraphState {id: 'graph'})
RETURN state.version AS version, state.loading AS loading
