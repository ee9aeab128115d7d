"""Small packed models, each with the script that builds it and its licence; nothing of ours is imported here."""
