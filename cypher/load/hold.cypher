// title: A load that runs says so, and hears whether the graph is still its own
// :param {loader: 'example', lease: 60}
// param loader: STRING, the id of its loader
// param lease: INTEGER, for how many seconds from now
// column loader: STRING
// order: one row, none where another load has taken over
// scan: none
MATCH (:GraphState {id: 'graph'})-[:LOADED_BY]->(loader:Loader {id: $loader})
SET loader.until = datetime() + duration({seconds: $lease})
RETURN loader.id AS loader
