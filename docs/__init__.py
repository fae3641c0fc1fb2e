"""Reference pages, rendered from the code (`make docs`); a test keeps them true."""
