// title: What an import of a network keeps: the state of the graph, who was forgotten, and the rule packs
// :param {}
// column id: STRING
// column label: STRING
// column properties: MAP
// column edges: LIST<LIST>, each a type and the other end's id
// order: id
// scan: none
MATCH (node:GraphState|Loader|Forgotten|RulePack|Tier|Channel)
RETURN elementId(node) AS id, labels(node)[0] AS label, properties(node) AS properties,
  COLLECT { MATCH (node)-[edge]->(other) RETURN [type(edge), elementId(other)] } AS edges
ORDER BY id
