"""`python -m pipelines.cli`: the same as the command `nocturne`."""

from pipelines.cli.commands import main

main()
