// title: The instant and the rule pack that a question asks by (docs/rules.md, section 2)
// needs: nothing
// gives: at, gone, pack, tiers, offered, direct_reach
// include: gone
WITH *, $at AS at
// include: pack
