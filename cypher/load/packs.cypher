// title: Which rule packs are in the graph?
// :param {}
// column name: STRING
// column hash: STRING, SHA-256 of the pack's text
// order: name
// scan: none
MATCH (pack:RulePack)
RETURN pack.name AS name, pack.hash AS hash
ORDER BY name
