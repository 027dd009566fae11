// title: A change is about to be supposed: no load begins before that is over
// :param {}
// column loading: BOOLEAN, whether a load is under way, or was cut short
// order: one row, none before the first load
// scan: none
MATCH (state:GraphState {id: 'graph'})
SET state.version = state.version // and with it, the state is locked
RETURN coalesce(state.loading, false) AS loading
