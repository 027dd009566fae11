// title: Members by the words of their names and ids
// :param {}
// order: none
// scan: none
CREATE FULLTEXT INDEX member_text IF NOT EXISTS FOR (member:Member) ON EACH [member.name, member.id]
