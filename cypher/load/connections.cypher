// title: Write connections, each once, from the smaller id to the larger
// :param {rows: [{a: '4398046511192', b: '4398046511325', values: {}, instants: []}]}
// param rows: LIST<MAP>, each a: STRING, b: STRING, values: MAP (property to value) and instants: LIST, each a property and its ISO 8601 text or null; a pair stands once
// order: none
// scan: none
UNWIND $rows AS row
MATCH (a:Member {id: row.a})
MATCH (b:Member {id: row.b})
MERGE (a)-[edge:CONNECTED_TO]->(b)
SET edge += row.values
FOREACH (instant IN row.instants | SET edge[instant[0]] = datetime(instant[1]))
