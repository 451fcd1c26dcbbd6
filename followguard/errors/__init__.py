"""The closed error tree: every failure a person can meet, each with a code, an exit code and a next step."""

from followguard.errors.base import *  # noqa: F403
from followguard.errors.decisions import *  # noqa: F403
from followguard.errors.desk import *  # noqa: F403
from followguard.errors.kept import *  # noqa: F403
from followguard.errors.usage import *  # noqa: F403
from followguard.errors.x import *  # noqa: F403
