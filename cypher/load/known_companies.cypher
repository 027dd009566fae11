// title: Which of these ids are in the graph, as ids of companies?
// :param {ids: ['296', 'nobody']}
// param ids: LIST<STRING>, the ids to look up
// column id: STRING, an id that is there
// order: id
// scan: none
UNWIND $ids AS id
MATCH (company:Company {id: id})
RETURN company.id AS id
ORDER BY id
