// title: Write companies whose names, once given, stay
// :param {rows: [{id: 'acme', values: {name: 'Acme'}, instants: []}], defaults: {}}
// param rows: LIST<MAP>, each id: STRING, values: MAP of the key name, and instants: LIST; an id stands once
// param defaults: MAP, the properties of a new node whose columns are not in the input
// order: none
// scan: none
UNWIND $rows AS row
MERGE (company:Company {id: row.id})
ON CREATE SET company += $defaults
SET company.name = coalesce(company.name, row.values.name)
