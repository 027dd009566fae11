// title: Write who has blocked whom
// :param {rows: [{member: '208', other: '73', values: {}, instants: []}]}
// param rows: LIST<MAP>, each member: STRING, other: STRING, values: MAP (property to value) and instants: LIST, each a property and its ISO 8601 text or null; a pair stands once
// order: none
// scan: none
UNWIND $rows AS row
MATCH (member:Member {id: row.member})
MATCH (other:Member {id: row.other})
MERGE (member)-[edge:BLOCKED]->(other)
SET edge += row.values
FOREACH (instant IN row.instants | SET edge[instant[0]] = datetime(instant[1]))
