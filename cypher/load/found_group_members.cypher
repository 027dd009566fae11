// title: Which of these memberships of groups are in the graph?
// :param {rows: [{place: 0, member: '6597069766861', group: '274877907039'}]}
// param rows: LIST<MAP>, each place: INTEGER, member: STRING and group: STRING
// column place: INTEGER, that of a row whose membership is there
// order: place
// scan: none
UNWIND $rows AS row
MATCH (member:Member {id: row.member})
MATCH (group:Group {id: row.group})
MATCH (member)-[:MEMBER_OF]->(group)
RETURN row.place AS place
ORDER BY place
