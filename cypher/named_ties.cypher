// title: The ties to a company that a row names: every one, of one kind, of one stint
// requires: row
// provides: edge
MATCH (member:Member {id: row.member})
MATCH (company:Company {id: row.company})
MATCH (member)-[edge:WORKS_AT|FOLLOWS]->(company)
WHERE coalesce(row.tie, 'follows') = 'follows' AND edge:FOLLOWS
  OR coalesce(row.tie, 'works_at') = 'works_at' AND edge:WORKS_AT
    AND ($every_stint OR edge.since = datetime(row.since) OR edge.since IS NULL AND row.since IS NULL)
