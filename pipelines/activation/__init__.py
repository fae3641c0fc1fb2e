"""What leaves the warehouse: the analysts' file, the CRM team's files, and their delivery."""

from pipelines.activation.deliver import deliver
from pipelines.activation.erase_exports import erase_exports
from pipelines.activation.export import export
from pipelines.activation.publish import publish

__all__ = ["deliver", "erase_exports", "export", "publish"]
