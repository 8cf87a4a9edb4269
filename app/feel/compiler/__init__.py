"""From a tree to closures, so that an evaluation never reads text or walks nodes."""
