"""The account's own share of spam among new followers, estimated from scores without a label.

The share under which the scores are likeliest is where the EM of Saerens, Latinne and Decaestecker ends ("Adjusting the
outputs of a classifier to new a priori probabilities", Neural Computation 14, 2002). It believes that spam and real
people score as they did in training, which nobody knows of followers never seen: spam of a new kind looks like little
spam, real people of a new kind look like much. So the share starts from what the model assumes and is only ever raised,
no further than 40 %, and only as far as twenty followers' worth of likelihood outweighs a Laplace prior: what separates
badly, or is few, leaves it where it is, and so does a mean p_spam within .05 of the assumed share. Chosen on groups
held out inside the training rows (`docs/experiments.md`).
"""

from collections.abc import Sequence

import numpy as np

from followguard.classifier.columns import Floats

FEWEST, MOST = 300, 2000
"""Followers without whom nothing is estimated, and beyond whom earlier ones aren't asked about."""
HIGHEST = 0.40
STEP = 0.01
COUNTED = 20.0
"""Followers that the likelihood counts as, however many there are: they err together, not one by one."""
LEAST = 1e-9
"""Stored probabilities are kept this far from 0 and 1, so that their logarithms are finite."""


def base_logit_from_scores(p_spam: Sequence[float], started_at: Sequence[float], base_logit: float) -> float:
    """Returns the log-odds that an account's scores should start from, by n earlier scores and their own starts.

    `base_logit` is what the model itself starts from; it comes back where nothing moves. Earlier scores count as if
    they had started there, so that a raised share doesn't raise itself.
    """
    found = np.clip(np.asarray(p_spam, dtype=np.float64), LEAST, 1.0 - LEAST)
    logit = np.log(found / (1.0 - found)) - np.asarray(started_at, dtype=np.float64) + base_logit
    assumed = float(1.0 / (1.0 + np.exp(-base_logit)))
    rate = estimated_rate(1.0 / (1.0 + np.exp(-logit)), assumed)
    return base_logit if rate == assumed else float(np.log(rate / (1.0 - rate)))


def estimated_rate(p_spam: Floats, assumed: float, weights: Floats | None = None) -> float:
    """Returns the share of spam in [`assumed`, 0.40] among n followers, in hundredths above `assumed`.

    `p_spam` (n,) are probabilities under the share that the model assumes; `weights` (n,), if they don't count alike.
    """
    if len(p_spam) < FEWEST or assumed >= HIGHEST:
        return assumed
    rates = np.append(np.arange(assumed, HIGHEST, STEP), HIGHEST)
    shares = np.full(len(p_spam), 1.0 / len(p_spam)) if weights is None else weights / weights.sum()
    spam, genuine = p_spam / assumed, (1.0 - p_spam) / (1.0 - assumed)
    likelihood = [shares @ np.log(rate * spam + (1.0 - rate) * genuine) for rate in rates]
    prior = np.log(rates / (1.0 - rates)) - np.log(assumed / (1.0 - assumed))
    return float(rates[np.argmax(COUNTED * np.array(likelihood) - prior)])
