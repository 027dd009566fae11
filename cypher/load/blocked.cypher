// title: Write who has blocked whom
// :param {rows: [{member: '208', other: '73', values: {}}]}
// param rows: LIST<MAP>, each member: STRING, other: STRING and values: MAP (property to value); a pair stands once
// order: none
// scan: none
UNWIND $rows AS row
MATCH (member:Member {id: row.member})
MATCH (other:Member {id: row.other})
MERGE (member)-[edge:BLOCKED]->(other)
SET edge += row.values
