// title: One company per id
// :param {}
// order: none
// scan: none
CREATE CONSTRAINT company_id_unique IF NOT EXISTS FOR (company:Company) REQUIRE company.id IS UNIQUE
