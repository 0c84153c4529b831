"""Which of several candidates is right, learnt by a conditional logit."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.optimize import minimize


def fit(rows: Any, right: Any, sizes: Any, costs: Any) -> Any:
    """Return the weights of the columns under which the right candidates are likeliest.

    `rows` is a sparse matrix with a row for each candidate; `right` says which are right, at least
    one in each group of `sizes` rows; `costs` are what large weights cost.
    """
    turned = rows.T.tocsr()
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    group = np.repeat(np.arange(len(sizes)), sizes)

    def loss(weights: Any) -> tuple[float, Any]:
        scores = rows @ weights
        likely = np.exp(scores - np.maximum.reduceat(scores, starts)[group])
        likely /= np.add.reduceat(likely, starts)[group]
        of_right = np.add.reduceat(likely * right, starts)
        slope = turned @ (likely - likely * right / of_right[group]) + costs * weights
        return float(-np.log(of_right).sum() + 0.5 * (costs * weights * weights).sum()), slope

    return minimize(
        loss, np.zeros(rows.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 200}
    ).x
