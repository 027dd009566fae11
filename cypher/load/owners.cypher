// title: Write what owners of archives know of themselves, and take away where a contact's row said they work
// :param {rows: [{id: '4398046511192', values: {known: 'connections;companies', positions: true}, instants: []}]}
// param rows: LIST<MAP>, each id: STRING, values: MAP of the keys known (names that are assumed no more, joined by ;) and positions (whether their stints are loaded), and instants: LIST; an id stands once
// order: none
// scan: none
UNWIND $rows AS row
MATCH (owner:Member {id: row.id})
SET owner.assumed = [name IN owner.assumed WHERE NOT name IN split(coalesce(row.values.known, ''), ';')]
WITH owner, row
WHERE row.values.positions
MATCH (owner)-[job:WORKS_AT {source: 'contact'}]->()
DELETE job
