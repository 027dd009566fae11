// title: Set the columns of members who are in the graph; declare nobody
// :param {rows: [{id: '4398046511192', values: {}}]}
// param rows: LIST<MAP>, each id: STRING and values: MAP (property to value, null takes it away); an id stands once
// order: none
// scan: none
UNWIND $rows AS row
MATCH (member:Member {id: row.id})
SET member += row.values
