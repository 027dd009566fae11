// title: The instant and the rule pack that a question asks by; no row while a load is under way (docs/rules.md, section 2)
// requires: nothing
// provides: at, gone, version, pack, tiers, offered, direct_reach
// include: gone
WITH *, $at AS at
OPTIONAL MATCH (state:GraphState {id: 'graph'})
WITH at, gone, coalesce(state.version, 0) AS version, coalesce(state.loading, false) AS loading
WHERE NOT loading
// include: pack
