// title: The version of the graph, and whether a load is under way or was cut short
// :param {}
// column version: INTEGER, one more with each load, and with each rule pack that is replaced by another
// column loading: BOOLEAN, true from a load's first transaction to its last
// order: one row, none before the first load
// scan: none
MATCH (state:GraphState {id: 'graph'})
// A state that is deleted while it is read has neither.
RETURN coalesce(state.version, 0) AS version, coalesce(state.loading, false) AS loading
