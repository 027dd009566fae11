// title: The statuses of members who are gone (docs/rules.md, section 2)
// needs: nothing
// gives: gone
WITH ['deactivated', 'closed'] AS gone
