// title: Write memberships of groups
// :param {rows: [{member: '6597069766861', group: '274877907039', values: {}, instants: []}]}
// param rows: LIST<MAP>, each member: STRING, group: STRING, values: MAP (property to value) and instants: LIST, each a property and its ISO 8601 text or null; a pair stands once
// order: none
// scan: none
UNWIND $rows AS row
MATCH (member:Member {id: row.member})
MATCH (group:Group {id: row.group})
MERGE (member)-[edge:MEMBER_OF]->(group)
SET edge += row.values
FOREACH (instant IN row.instants | SET edge[instant[0]] = datetime(instant[1]))
