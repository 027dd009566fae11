// title: Write memberships of groups
// :param {rows: [{member: '6597069766861', group: '274877907039', values: {}}]}
// param rows: LIST<MAP>, each member: STRING, group: STRING and values: MAP (property to value); a pair stands once
// order: none
// scan: none
UNWIND $rows AS row
MATCH (member:Member {id: row.member})
MATCH (group:Group {id: row.group})
MERGE (member)-[edge:MEMBER_OF]->(group)
SET edge += row.values
