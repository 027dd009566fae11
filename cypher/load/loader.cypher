// title: Who loads at the moment?
// :param {}
// column id: STRING, of this load alone
// column name: STRING, user and machine
// column host: STRING, the machine
// column pid: INTEGER, the process there
// column born: FLOAT, when that process began, in seconds since 1970
// column since: ZONED DATETIME
// column until: ZONED DATETIME, when the graph is free again, without another sign of life
// column late: BOOLEAN, whether that is past
// order: one row, none where nobody does
// scan: none
MATCH (:GraphState {id: 'graph'})-[:LOADED_BY]->(loader:Loader)
RETURN loader.id AS id, loader.name AS name, loader.host AS host, loader.pid AS pid, loader.born AS born,
  loader.since AS since, loader.until AS until, loader.until < datetime() AS late
