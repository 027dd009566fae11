// title: Which tiers does any rule pack in the graph define?
// :param {}
// column tier: STRING
// order: tier
// scan: none
MATCH (:RulePack)-[:DEFINES]->(tier:Tier)
RETURN DISTINCT tier.name AS tier
ORDER BY tier
