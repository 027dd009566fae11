// title: No row where any member is on a tier that the pack does not define (docs/rules.md, section 4)
// requires: tiers
// provides: defined
WITH *, [''] + COLLECT { UNWIND tiers AS tier RETURN tier.name AS name ORDER BY name } AS defined
WHERE NOT EXISTS { // each gap between two of them is a range of the index
  UNWIND range(0, size(defined) - 1) AS place
  MATCH (stray:Member)
  WHERE stray.tier > defined[place] AND stray.tier < coalesce(defined[place + 1], '\uFFFF')
}
