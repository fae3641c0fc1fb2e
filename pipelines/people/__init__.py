"""One person: everything that is known of somebody, and why."""

from pipelines.people.lookup import customers, earlier_ids
from pipelines.people.person import Person, person

__all__ = ["Person", "customers", "earlier_ids", "person"]
