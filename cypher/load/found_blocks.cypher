// title: Which of these blocks and limits are in the graph?
// :param {rows: [{place: 0, member: '208', other: '73', kind: null}]}
// param rows: LIST<MAP>, each place: INTEGER, member: STRING, other: STRING, and kind: STRING or null (any)
// column place: INTEGER, that of a row which names one that is there
// order: place
// scan: none
UNWIND $rows AS row
MATCH (member:Member {id: row.member})
MATCH (other:Member {id: row.other})
MATCH (member)-[edge:BLOCKED|LIMITED]->(other)
WHERE row.kind IS NULL OR row.kind = CASE WHEN edge:BLOCKED THEN 'block' ELSE 'limit' END
RETURN DISTINCT row.place AS place
ORDER BY place
