"""What identifies a person, kind by kind: each module finds one kind and puts a marker in its place."""
