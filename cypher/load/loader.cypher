// title: Who loads at the moment?
// :param {}
// column id: STRING, of this load alone
// column name: STRING, user and machine
// column machine: STRING or null, the machine since it was started; null: written by an earlier linkreach
// column pid: INTEGER, the process there
// column started: STRING or null, when that process began, in ticks of that machine
// column since: ZONED DATETIME
// column until: ZONED DATETIME, when the graph is free again, without another sign of life
// column late: BOOLEAN, whether that is past
// order: one row, none where nobody does
// scan: none
MATCH (:GraphState {id: 'graph'})-[:LOADED_BY]->(loader:Loader)
RETURN loader.id AS id, loader.name AS name, loader.machine AS machine, loader.pid AS pid,
  loader.started AS started,
  loader.since AS since, loader.until AS until, loader.until < datetime() AS late
