// title: One node keeps the version of the graph
// :param {}
// order: none
// scan: none
CREATE CONSTRAINT graph_state_id_unique IF NOT EXISTS FOR (graph_state:GraphState) REQUIRE graph_state.id IS UNIQUE
