// title: Forget members: they go with all their ties, and a hash of the id stays
// :param {rows: [{id: '4398046511192', hash: 'example'}]}
// param rows: LIST<MAP>, each id: STRING and hash: STRING; an id stands once
// order: none
// scan: none
UNWIND $rows AS row
MERGE (forgotten:Forgotten {hash: row.hash})
ON CREATE SET forgotten.since = datetime()
WITH row
MATCH (member:Member {id: row.id})
DETACH DELETE member
