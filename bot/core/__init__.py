"""Pure decisions: plain data in, a decision out. Nothing here knows a framework, a file or the network."""
