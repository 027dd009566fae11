// title: Which tier of a rule pack grants which channels?
// :param {pack: 'article'}
// param pack: STRING, a rule pack by name
// column path: PATH, from the pack over a tier to a channel
// order: rank of the tier, place of the channel in the rules
// scan: none
MATCH path = (:RulePack {name: $pack})-[:DEFINES]->(tier:Tier)-[:GRANTS]->(channel:Channel)
RETURN path
ORDER BY tier.rank, channel.position
