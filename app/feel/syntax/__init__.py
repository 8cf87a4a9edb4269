"""From text to a tree: tokens, the grammar of DMN 1.5 clause 10.3.1.2, and the nodes of the tree."""
