"""One killable worker process and the client that talks to it."""
