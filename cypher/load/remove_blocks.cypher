// title: Remove blocks and limits
// :param {rows: [{member: '208', other: '73', kind: null}]}
// param rows: LIST<MAP>, each member: STRING, other: STRING, and kind: STRING or null (any)
// order: none
// scan: none
UNWIND $rows AS row
MATCH (member:Member {id: row.member})
MATCH (other:Member {id: row.other})
MATCH (member)-[edge:BLOCKED|LIMITED]->(other)
WHERE row.kind IS NULL OR row.kind = CASE WHEN edge:BLOCKED THEN 'block' ELSE 'limit' END
DELETE edge
