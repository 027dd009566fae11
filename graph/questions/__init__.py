"""What can be asked of the graph, each question one statement: verdicts, reach, unlocks, members, report frames."""
