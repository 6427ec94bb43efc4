"""What is wrong with a network, and with code that trains one."""
