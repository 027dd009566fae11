// title: Write who follows which company page
// :param {rows: []}
// param rows: LIST<MAP>, each member: STRING, company: STRING, values: MAP (property to value) and instants: LIST, each a property and its ISO 8601 text or null; a pair stands once
// order: none
// scan: none
UNWIND $rows AS row
MATCH (member:Member {id: row.member})
MATCH (company:Company {id: row.company})
MERGE (member)-[edge:FOLLOWS]->(company)
SET edge += row.values
FOREACH (instant IN row.instants | SET edge[instant[0]] = datetime(instant[1]))
