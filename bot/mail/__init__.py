"""E-mail: letters as the world expects them, and the server that takes them."""
