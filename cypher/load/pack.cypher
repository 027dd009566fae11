// title: Put a rule pack into the graph, in place of any of its name; where that was another one, the graph has a new version
// :param {pack: {name: 'example', title: 'An example', page_ties: 'any', group_kind: 'message', inmail_respects_opt_out: false, connections_always_in_audience: false}, tiers: [{properties: {pack: 'example', name: 'free', rank: 0, direct_degree: 1}, channels: [{name: 'direct', kind: 'message', position: 0}]}]}
// param pack: MAP, the properties of the pack
// param tiers: LIST<MAP>, of the keys properties and channels (maps of the keys name, kind and position)
// column tiers: INTEGER, how many tiers the pack now defines
// order: one row
// scan: none
OPTIONAL MATCH (state:GraphState {id: 'graph'})
SET state.loading = state.loading // and with it, the state is locked: a load that begins at this moment counts, too
MERGE (pack:RulePack {name: $pack.name})
FOREACH (changed IN CASE WHEN pack.hash <> $pack.hash THEN [state] ELSE [] END | SET changed.version = changed.version + 1)
SET pack = $pack
WITH pack
CALL (pack) {
  OPTIONAL MATCH (pack)-[:DEFINES]->(tier:Tier)
  OPTIONAL MATCH (tier)-[:GRANTS]->(channel:Channel)
  DETACH DELETE tier, channel
}
UNWIND $tiers AS defined
CREATE (pack)-[:DEFINES]->(tier:Tier)
SET tier = defined.properties
WITH pack, tier, defined
CALL (pack, tier, defined) {
  UNWIND defined.channels AS granted
  MERGE (channel:Channel {pack: pack.name, name: granted.name})
  SET channel.kind = granted.kind, channel.position = granted.position
  CREATE (tier)-[:GRANTS]->(channel)
}
RETURN count(tier) AS tiers
