// title: A load ends, with everything written or given up, and hears whether the graph was still its own
// :param {loader: 'example', complete: true}
// param loader: STRING, the id of its loader
// param complete: BOOLEAN, whether everything is written
// column loader: STRING
// order: one row, none where another load has taken over
// scan: none
MATCH (state:GraphState {id: 'graph'})
OPTIONAL MATCH (state)-[:LOADED_BY]->(loader:Loader {id: $loader})
FOREACH (held IN CASE WHEN loader IS NULL THEN [] ELSE [loader] END |
  SET state.loading = NOT $complete, state.emptying = state.emptying AND NOT $complete
  SET state.ended_by = $loader // who asks a second time, as its end was not known, hears the same
  DETACH DELETE held)
WITH state WHERE state.ended_by = $loader
RETURN state.ended_by AS loader
