// title: Remove connections
// :param {rows: [{a: '4398046511192', b: '4398046511325'}]}
// param rows: LIST<MAP>, each a: STRING and b: STRING, the smaller id first
// order: none
// scan: none
UNWIND $rows AS row
MATCH (a:Member {id: row.a})
MATCH (b:Member {id: row.b})
MATCH (a)-[edge:CONNECTED_TO]->(b)
DELETE edge
