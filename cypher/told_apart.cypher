// title: What tells people of one name apart: where they work, and where they are
// requires: m
// provides: company, location
WITH *,
     coalesce(toStringOrNull(m.company), head(COLLECT {
       MATCH (m)-[tie:WORKS_AT]->(page:Company)
       WHERE tie.until IS NULL
       RETURN coalesce(page.name, page.id) ORDER BY tie.since DESC, page.id
     })) AS company,
     coalesce(toStringOrNull(m.location), toStringOrNull(m.city), toStringOrNull(m.country)) AS location
