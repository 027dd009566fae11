// title: The key of this graph's hashes, made at first use
// :param {key: 'example'}
// param key: STRING, the key of a graph that has none
// column key: STRING, the key that it has now
// order: one row
// scan: none
MERGE (state:GraphState {id: 'graph'})
SET state.forgetting_key = coalesce(state.forgetting_key, $key)
RETURN state.forgetting_key AS key
