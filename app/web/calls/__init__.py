"""Pages of those who call: the day's preparation, the queue, letters, corrections."""
