"""What is checked of sources beside the stages: parity, prose, allowances, links."""
