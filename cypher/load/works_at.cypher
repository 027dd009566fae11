// title: Write stints at companies; one without a start is a stint of its own
// :param {rows: [{member: '8796093022220', company: '296', since: datetime('2009-01-01T00:00:00Z'), values: {}}]}
// param rows: LIST<MAP>, each member: STRING, company: STRING, since: ZONED DATETIME or null, and values: MAP; the first three stand once
// order: none
// scan: none
UNWIND $rows AS row
MATCH (member:Member {id: row.member})
MATCH (company:Company {id: row.company})
OPTIONAL MATCH (member)-[stint:WORKS_AT]->(company)
WHERE stint.since = row.since OR (stint.since IS NULL AND row.since IS NULL)
FOREACH (_ IN CASE WHEN stint IS NULL THEN [row] ELSE [] END |
  CREATE (member)-[new:WORKS_AT {since: row.since}]->(company)
  SET new += row.values)
SET stint += row.values
