// title: Which rule packs can be asked by, and what does each of their tiers grant?
// :param {}
// column name: STRING
// column title: STRING
// column source: STRING, the text that the pack comes from
// column date: DATE, of that text
// column hash: STRING, SHA-256 of the pack's text
// column tiers: LIST<MAP>, by rank, of the keys name, rank, direct_degree and channels, these in the order of the rules
// order: name
// scan: none
MATCH (pack:RulePack)
RETURN pack.name AS name, pack.title AS title, pack.source AS source, pack.date AS date, pack.hash AS hash,
       COLLECT {
         MATCH (pack)-[:DEFINES]->(tier:Tier)
         RETURN tier {.name, .rank, .direct_degree, channels: COLLECT {
           MATCH (tier)-[:GRANTS]->(channel:Channel)
           RETURN channel.name ORDER BY channel.position
         }} ORDER BY tier.rank
       } AS tiers
ORDER BY name
