// title: What is looked up about the other one of a pair where something is assumed of anybody (docs/rules.md, section 6)
// requires: m, other, gone, at, pack, some_assumed, steps_from_m
// provides: steps_from_other, other_in_groups, other_at_pages
WITH *,
     CASE // how far from members whose connections are not all known, where that makes a difference
       WHEN NOT some_assumed OR other.status IN gone OR steps_from_m > 2 THEN 9
       WHEN 'connections' IN coalesce(other.assumed, []) THEN 0
       WHEN steps_from_m > 1 THEN 9
       WHEN EXISTS { (other)-[:CONNECTED_TO]-(n WHERE 'connections' IN n.assumed AND NOT n.status IN gone) } THEN 1
       WHEN steps_from_m > 0 THEN 9
       WHEN EXISTS {
         (other)-[:CONNECTED_TO]-(n WHERE NOT n.status IN gone)-[:CONNECTED_TO]-(o WHERE 'connections' IN o.assumed AND NOT o.status IN gone)
       } THEN 2
       ELSE 9
     END AS steps_from_other,
     CASE WHEN some_assumed THEN EXISTS { (other)-[:MEMBER_OF]->(:Group {messaging: true}) } ELSE false END AS other_in_groups,
     CASE WHEN some_assumed THEN EXISTS {
       (other)-[tie:WORKS_AT|FOLLOWS]->(:Company)
       WHERE coalesce(tie.until > at, true) AND (tie:WORKS_AT OR pack.page_ties <> 'works_at')
     } ELSE false END AS other_at_pages
