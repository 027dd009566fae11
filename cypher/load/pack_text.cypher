// title: The text of a rule pack
// :param {name: 'article'}
// param name: STRING
// column text: STRING, TOML
// order: one row, none where no such pack is loaded
// scan: none
MATCH (pack:RulePack {name: $name})
RETURN pack.text AS text
