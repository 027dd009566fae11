// title: Write who follows which company page
// :param {rows: []}
// param rows: LIST<MAP>, each member: STRING, company: STRING and values: MAP (property to value); a pair stands once
// order: none
// scan: none
UNWIND $rows AS row
MATCH (member:Member {id: row.member})
MATCH (company:Company {id: row.company})
MERGE (member)-[edge:FOLLOWS]->(company)
SET edge += row.values
