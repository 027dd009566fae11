// title: What that member and another one have in common; of groups and pages whether there are any, as 1 or 0 (docs/rules.md, section 2)
// requires: other, gone, first_degree, second_degree, group_mates, page_mates, workmates
// provides: degree, shared_groups, shared_pages, shared_workplaces
WITH *, NOT other.status IN gone AS here
WITH *,
     CASE
       WHEN NOT here THEN null
       WHEN other IN first_degree THEN 1
       WHEN other IN second_degree THEN 2
       WHEN EXISTS { (other)-[:CONNECTED_TO]-(near) WHERE near IN second_degree } THEN 3
     END AS degree,
     CASE WHEN here AND other IN group_mates THEN 1 ELSE 0 END AS shared_groups,
     CASE WHEN here AND other IN page_mates THEN 1 ELSE 0 END AS shared_pages,
     CASE WHEN here AND other IN workmates THEN 1 ELSE 0 END AS shared_workplaces
