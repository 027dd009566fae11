// title: A load begins, if no other one runs: the graph has a new version
// :param {loader: {id: 'example', name: 'user@example', machine: 'example', pid: 1, started: '1'}, instead_of: null, emptying: false, lease: 60}
// param loader: MAP, who loads: the keys id (of this load alone), name, machine, pid, started
// param instead_of: STRING or null, the id of a loader that is dead
// param emptying: BOOLEAN, whether the network in the graph is to go first
// param lease: INTEGER, for how many seconds the graph is this loader's without another sign of life
// column version: INTEGER, the new version
// column emptying: BOOLEAN, whether the network in the graph is to go first: for this load, or since an earlier one
// order: one row, none where another load runs
// scan: none
MERGE (state:GraphState {id: 'graph'})
SET state.loading = true // and with it, the state is locked: whatever is read below is read by one load at a time
WITH state
OPTIONAL MATCH (state)-[:LOADED_BY]->(other:Loader)
WITH state, other, CASE other.id WHEN $loader.id THEN 0 ELSE 1 END AS step
WHERE other IS NULL OR other.id IN [$loader.id, $instead_of]
DETACH DELETE other
CREATE (state)-[:LOADED_BY]->(loader:Loader)
SET loader = $loader, loader.since = datetime(), loader.until = datetime() + duration({seconds: $lease})
SET state.version = coalesce(state.version, 0) + step
SET state.emptying = coalesce(state.emptying, false) OR $emptying
RETURN state.version AS version, state.emptying AS emptying
