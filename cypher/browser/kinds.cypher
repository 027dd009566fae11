// title: What kinds of nodes are there, and what joins them?
// :param {}
// column nodes: LIST<NODE>, one for each label
// column relationships: LIST<RELATIONSHIP>, one for each type and the labels that it joins
// order: one row
// scan: none
CALL db.schema.visualization() YIELD nodes, relationships
RETURN nodes, relationships
