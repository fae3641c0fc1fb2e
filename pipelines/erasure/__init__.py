"""The room of erasure: who asked, what is theirs, and taking it out of the warehouse and the files.
Landing is `sources`', exports are `activation`'s."""

from pipelines.erasure.people import Kept, finish, is_asked, kept_of
from pipelines.erasure.plan import plan
from pipelines.erasure.purge import counted_again_since, purge
from pipelines.erasure.texts import scrub

__all__ = ["Kept", "counted_again_since", "finish", "is_asked", "kept_of", "plan", "purge", "scrub"]
