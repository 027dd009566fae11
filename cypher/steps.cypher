// title: How far one member is from those whose connections are not all known; 9: too far to make a difference (docs/rules.md, section 6)
// requires: m, gone
// provides: some_assumed, steps_from_m
WITH *, EXISTS { MATCH (unsure:Member) WHERE unsure.assumed IS NOT NULL } AS some_assumed
WITH *, CASE
       WHEN NOT some_assumed OR m.status IN gone THEN 9
       WHEN 'connections' IN coalesce(m.assumed, []) THEN 0
       WHEN EXISTS { (m)-[:CONNECTED_TO]-(n WHERE 'connections' IN n.assumed AND NOT n.status IN gone) } THEN 1
       WHEN EXISTS {
         (m)-[:CONNECTED_TO]-(n WHERE NOT n.status IN gone)-[:CONNECTED_TO]-(o WHERE 'connections' IN o.assumed AND NOT o.status IN gone)
       } THEN 2
       ELSE 9
     END AS steps_from_m
