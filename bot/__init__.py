"""The Rotation Bot: answers questions about clinical rotations in the United States."""
