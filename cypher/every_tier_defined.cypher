// title: No row where any member is on a tier that the pack does not define (docs/rules.md, section 4)
// needs: tiers
// gives: defined
WITH *, [tier IN tiers | tier.name] + [''] AS defined
WHERE NOT EXISTS { MATCH (stray:Member) WHERE NOT stray.tier IN defined }
