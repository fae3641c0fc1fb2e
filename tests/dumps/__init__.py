"""Small dumps shaped like those of well-known tools, each with the configuration that somebody who
knows the tool would write: `nocturne init` has to find its way in them.

A dump is a module with `make(folder)`, which writes the files, and `RIGHT`, the YAML."""
