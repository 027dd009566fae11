// title: Who was forgotten, and under which key are their ids hashed?
// :param {}
// column key: STRING, '' while nobody was
// column forgotten: LIST<LIST>, each a hash and since when (ZONED DATETIME), the latest last
// order: one row, none before the first load
// scan: none
MATCH (state:GraphState {id: 'graph'})
RETURN coalesce(state.forgetting_key, '') AS key,
  COLLECT {
    MATCH (forgotten:Forgotten)
    RETURN [forgotten.hash, forgotten.since] ORDER BY forgotten.since, forgotten.hash
  } AS forgotten
