// title: When did the stints of these members at these companies begin?
// :param {rows: [{member: '8796093022220', company: '296'}]}
// param rows: LIST<MAP>, each member: STRING and company: STRING; a pair stands once
// column member: STRING
// column company: STRING
// column since: INTEGER or null, microseconds since 1970; a row a stint
// order: member, company, since
// scan: none
UNWIND $rows AS row
MATCH (member:Member {id: row.member})
MATCH (company:Company {id: row.company})
MATCH (member)-[stint:WORKS_AT]->(company)
RETURN member.id AS member, company.id AS company,
  stint.since.epochSeconds * 1000000 + stint.since.microsecond AS since
ORDER BY member, company, since
