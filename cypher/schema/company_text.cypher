// title: Company pages by the words of their names and ids
// :param {}
// order: none
// scan: none
CREATE FULLTEXT INDEX company_text IF NOT EXISTS FOR (company:Company) ON EACH [company.name, company.id]
