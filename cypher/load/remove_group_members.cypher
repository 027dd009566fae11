// title: Remove memberships of groups
// :param {rows: [{member: '6597069766861', group: '274877907039'}]}
// param rows: LIST<MAP>, each member: STRING and group: STRING
// order: none
// scan: none
UNWIND $rows AS row
MATCH (member:Member {id: row.member})
MATCH (group:Group {id: row.group})
MATCH (member)-[edge:MEMBER_OF]->(group)
DELETE edge
