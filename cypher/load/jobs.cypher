// title: Write where contacts work, in place of where earlier rows about them said so; owners say it themselves
// :param {rows: [{member: '8796093022220', company: '296', values: {}, instants: []}]}
// param rows: LIST<MAP>, each member: STRING, company: STRING, values: MAP and instants: LIST; a member stands once
// order: none
// scan: none
UNWIND $rows AS row
MATCH (member:Member {id: row.member})
WHERE member.own_export IS NULL
MATCH (company:Company {id: row.company})
CALL (member, company) {
  MATCH (member)-[earlier:WORKS_AT {source: 'contact'}]->(other)
  WHERE other <> company
  DELETE earlier
}
OPTIONAL MATCH (member)-[job:WORKS_AT]->(company)
WHERE job.since IS NULL
FOREACH (_ IN CASE WHEN job IS NULL THEN [row] ELSE [] END |
  CREATE (member)-[:WORKS_AT {source: 'contact'}]->(company))
