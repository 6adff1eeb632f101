"""What NumPy and SciPy say about small inputs, for statistics.test.ts.

    python3 test/figures/statisticsReference.py > test/figures/statisticsReference.json     (numpy 2.4, scipy 1.17)
"""
import json
import warnings

import numpy as np
from scipy import signal, stats

warnings.simplefilter("ignore")  # constant resamples
rng = np.random.default_rng(20240616)
sample = rng.normal(60, 5, 9).round(3)

# One hump on uneven steps, and one that never falls to half its height on the left.
steps = np.array([0, 50, 100, 175, 200, 300, 325, 400, 500, 550], float)
hump = np.array([0.1, 0.6, 1.9, 3.1, 2.7, 1.8, 1.2, 0.9, 0.4, 0.3])
early = np.array([2.5, 3.0, 2.1, 1.4, 0.9, 0.8, 0.7, 0.5, 0.4, 0.3])


def moving_average(values, window):
    ones = np.ones(window)
    return np.convolve(values, ones, "same") / np.convolve(np.ones_like(values), ones, "same")


def width_at_half_height(values):
    peak = int(np.argmax(values))
    # With prominence = height, SciPy measures at half the height, over the whole curve; in units of the index.
    whole = (np.array([values[peak]]), np.array([0]), np.array([len(values) - 1]))
    _, _, left, right = signal.peak_widths(values, [peak], rel_height=0.5, prominence_data=whole)
    index = np.arange(len(values))
    return float(np.interp(right[0], index, steps) - np.interp(left[0], index, steps))


def features(values):
    return {
        "peakHeight": float(values.max()),
        "peakStep": float(steps[values.argmax()]),
        "widthAtHalfHeight": width_at_half_height(values),
        "area": float(np.trapezoid(values, steps)),
        "earlyMean": float(values[steps <= 0.25 * 550].mean()),
    }


def spearman(x, y):
    rho = lambda a, b: stats.spearmanr(a, b).statistic  # noqa: E731
    out = {"x": list(x), "y": list(y), "rho": float(rho(x, y))}
    if len(x) <= 8:
        test = stats.permutation_test((x,), lambda a: rho(a, y), permutation_type="pairings", n_resamples=np.inf)
        out["p"] = float(test.pvalue)
    else:
        # Its own large sample of permutations; p is stated to within 0.002.
        test = stats.permutation_test(
            (x,), lambda a: rho(a, y), permutation_type="pairings", n_resamples=99_999, rng=np.random.default_rng(1)
        )
        out["p"] = float(test.pvalue)
    boot = stats.bootstrap((x, y), rho, paired=True, vectorized=False, n_resamples=19_999, method="percentile",
                           rng=np.random.default_rng(2))
    # A resample of one pair only has no correlation (NaN): left out.
    out["low"], out["high"] = (float(q) for q in np.nanquantile(boot.bootstrap_distribution, [0.025, 0.975]))
    return out


def paired(difference):
    difference = np.array(difference)
    test = stats.permutation_test((difference, np.zeros_like(difference)), lambda a, b: np.mean(a - b),
                                  permutation_type="samples", n_resamples=np.inf)
    interval = stats.ttest_1samp(difference, 0).confidence_interval(0.95)
    return {"difference": list(difference), "p": float(test.pvalue), "low": float(interval.low), "high": float(interval.high)}


correct_a = (rng.random(300) < 0.70).astype(int)
correct_b = np.where(rng.random(300) < 0.85, correct_a, rng.random(300) < 0.5).astype(int)
examples = stats.bootstrap(((correct_a - correct_b).astype(float),), np.mean, n_resamples=19_999, method="percentile",
                           rng=np.random.default_rng(3))

y10 = np.array([51.2, 54.0, 53.1, 55.6, 52.7, 56.9, 55.1, 57.8, 54.4, 58.3])
x10 = np.array([0.11, 0.35, 0.21, 0.34, 0.31, 0.52, 0.30, 0.61, 0.40, 0.44])
print(json.dumps({
    "sample": {
        "values": list(sample),
        "mean": float(sample.mean()),
        "sd": float(sample.std(ddof=1)),
        "quantiles": {str(q): float(np.quantile(sample, q)) for q in (0, 0.025, 0.3, 0.5, 0.975, 1)},
    },
    "curves": {
        "steps": list(steps), "hump": list(hump), "early": list(early),
        "movingAverage": {str(w): list(moving_average(hump, w)) for w in (1, 3, 5, 9)},
        "humpFeatures": features(hump), "earlyFeatures": features(early),
    },
    "spearman": [
        spearman(np.array([1.0, 2.0, 3.0, 4.0, 5.0]), np.array([2.0, 1.0, 4.0, 3.0, 5.0])),
        spearman(np.array([3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0]), np.array([2.0, 7.0, 1.0, 8.0, 2.0, 8.0, 1.0])),
        spearman(x10, y10),
    ],
    "paired": [
        paired([1.2, 0.4, 2.2, -0.3]),
        paired([0.5, 0.9, 1.4, 0.2, 0.7, -0.1, 1.1, 0.3]),
        paired([0.2, -0.4, 0.1, 0.3, -0.2, 0.5, -0.6, 0.1, 0.05, -0.1, 0.35]),
    ],
    "examples": {
        "a": correct_a.tolist(), "b": correct_b.tolist(),
        "low": float(examples.confidence_interval.low), "high": float(examples.confidence_interval.high),
    },
    "studentQuantile": {str(d): float(stats.t.ppf(0.975, d)) for d in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 20, 50, 1000)},
}, separators=(",", ":")))
