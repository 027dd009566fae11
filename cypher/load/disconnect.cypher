// title: Take connections away
// :param {rows: [{a: '4398046511192', b: '4398046511325'}]}
// param rows: LIST<MAP>, each a: STRING, b: STRING, the smaller id and the larger
// order: none
// scan: none
UNWIND $rows AS row
MATCH (:Member {id: row.a})-[edge:CONNECTED_TO]->(:Member {id: row.b})
DELETE edge
