// title: Write who limits what whom may send to them
// :param {rows: [{member: '4398046511231', other: '6597069766794', values: {}}]}
// param rows: LIST<MAP>, each member: STRING, other: STRING and values: MAP (property to value); a pair stands once
// order: none
// scan: none
UNWIND $rows AS row
MATCH (member:Member {id: row.member})
MATCH (other:Member {id: row.other})
MERGE (member)-[edge:LIMITED]->(other)
SET edge += row.values
