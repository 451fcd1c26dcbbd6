"""A stand-in for X on loopback: the four calls with X's habits, and a population that grows night by night."""

from followguard.sandbox.plan import QUIET, AccountPlan, Attack, Churn, SandboxPlan
from followguard.sandbox.server import Sandbox, serve

__all__ = ["QUIET", "AccountPlan", "Attack", "Churn", "Sandbox", "SandboxPlan", "serve"]
