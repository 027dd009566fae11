// title: What that member and another one have in common (docs/rules.md, section 2)
// requires: other, gone, at, first_degree, second_degree, my_groups, my_pages, my_workplaces
// provides: degree, shared_groups, shared_pages, shared_workplaces
WITH *, NOT other.status IN gone AS here
WITH *,
     CASE
       WHEN NOT here THEN null
       WHEN other IN first_degree THEN 1
       WHEN other IN second_degree THEN 2
       WHEN EXISTS { (other)-[:CONNECTED_TO]-(near) WHERE near IN second_degree } THEN 3
     END AS degree,
     COUNT { (other)-[:MEMBER_OF]->(group:Group) WHERE here AND group IN my_groups } AS shared_groups,
     COUNT {
       MATCH (other)-[tie:WORKS_AT|FOLLOWS]->(page:Company)
       WHERE here AND page IN my_pages AND coalesce(tie.until > at, true)
       RETURN DISTINCT page
     } AS shared_pages,
     COUNT {
       MATCH (other)-[tie:WORKS_AT]->(page:Company)
       WHERE here AND page IN my_workplaces AND coalesce(tie.until > at, true)
       RETURN DISTINCT page
     } AS shared_workplaces
