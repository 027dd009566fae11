// title: A load ends, with everything written or given up
// :param {loader: 'example', complete: true}
// param loader: STRING, the id of its loader
// param complete: BOOLEAN, whether everything is written
// order: none
// scan: none
MATCH (state:GraphState {id: 'graph'})-[:LOADED_BY]->(loader:Loader {id: $loader})
SET state.loading = NOT $complete, state.emptying = state.emptying AND NOT $complete
DETACH DELETE loader
