"""A trained model: a forest and its calibration, as plain arrays that need no library but numpy."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np

from followguard.learning.calibration_curve import Curve
from followguard.learning.features import FEATURES
from followguard.learning.forest import Floats, Forest, Level, Matrix
