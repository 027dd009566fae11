// title: Which of these connections are in the graph?
// :param {rows: [{place: 0, a: '4398046511192', b: '4398046511325'}]}
// param rows: LIST<MAP>, each place: INTEGER, a: STRING and b: STRING, the smaller id first
// column place: INTEGER, that of a row whose connection is there
// order: place
// scan: none
UNWIND $rows AS row
MATCH (a:Member {id: row.a})
MATCH (b:Member {id: row.b})
MATCH (a)-[:CONNECTED_TO]->(b)
RETURN row.place AS place
ORDER BY place
