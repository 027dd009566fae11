// title: The statuses of members who are gone (docs/rules.md, section 2)
// requires: nothing
// provides: gone
WITH ['deactivated', 'closed'] AS gone
