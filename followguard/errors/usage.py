"""Wrong usage and configuration: nothing was begun."""

from followguard.errors.base import USAGE, FollowguardError


class UsageError(FollowguardError):
    """The command line asks for something that can't be."""

    code = "usage"
    exit_code = USAGE


class ConfigurationError(UsageError):
    """`followguard.toml` or an environment variable is missing, unknown or wrong."""

    code = "configuration"


class UnknownAccount(UsageError):
    """An account that the configuration doesn't name."""

    code = "unknown_account"


class UnknownPerson(UsageError):
    """A name that nobody has, or a missing name."""

    code = "unknown_person"


class MissingRole(UsageError):
    """A known person without the role that the command needs."""

    code = "missing_role"


class MissingCredentials(UsageError):
    """One of the four secrets of an account isn't there."""

    code = "missing_credentials"


class AmbiguousFollower(UsageError):
    """A follower of several of our accounts, and none was named."""

    code = "ambiguous_follower"


class SchemaMismatch(UsageError):
    """The database has another schema than this program."""

    code = "schema"


class UnreadableFile(UsageError):
    """A file of profiles, labels or decisions that can't be read."""

    code = "unreadable_file"


class DatasetMismatch(UsageError):
    """A public data set is missing, or has another sha256 than `training_data/sources.toml` says."""

    code = "dataset"
