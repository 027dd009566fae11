// title: Write stints at companies; one without a start is a stint of its own
// :param {rows: [{member: '8796093022220', company: '296', since: '2009-01-01T00:00:00Z', values: {}, instants: []}]}
// param rows: LIST<MAP>, each member: STRING, company: STRING, since: STRING (ISO 8601) or null, values: MAP and instants: LIST, each a property and its ISO 8601 text or null; the first three stand once
// order: none
// scan: none
UNWIND $rows AS row
MATCH (member:Member {id: row.member})
MATCH (company:Company {id: row.company})
OPTIONAL MATCH (member)-[stint:WORKS_AT]->(company)
WHERE stint.since = datetime(row.since) OR (stint.since IS NULL AND row.since IS NULL)
FOREACH (_ IN CASE WHEN stint IS NULL THEN [row] ELSE [] END |
  CREATE (member)-[new:WORKS_AT {since: datetime(row.since)}]->(company)
  SET new += row.values
  FOREACH (instant IN row.instants | SET new[instant[0]] = datetime(instant[1])))
FOREACH (_ IN CASE WHEN stint IS NULL THEN [] ELSE [row] END |
  SET stint += row.values
  FOREACH (instant IN row.instants | SET stint[instant[0]] = datetime(instant[1])))
