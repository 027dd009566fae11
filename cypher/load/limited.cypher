// title: Write who limits what whom may send to them
// :param {rows: [{member: '4398046511231', other: '6597069766794', values: {}, instants: []}]}
// param rows: LIST<MAP>, each member: STRING, other: STRING, values: MAP (property to value) and instants: LIST, each a property and its ISO 8601 text or null; a pair stands once
// order: none
// scan: none
UNWIND $rows AS row
MATCH (member:Member {id: row.member})
MATCH (other:Member {id: row.other})
MERGE (member)-[edge:LIMITED]->(other)
SET edge += row.values
FOREACH (instant IN row.instants | SET edge[instant[0]] = datetime(instant[1]))
