// title: A load has ended, with everything written
// :param {}
// order: none
// scan: none
MATCH (state:GraphState {id: 'graph'})
SET state.loading = false
