"""What changed on an item, a chapter or a department: progress and answers in one list, for feeds and digests."""
