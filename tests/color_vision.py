"""Colors as people see them who do not see all: simulations, and how far apart two colors are.

Matrices for severity 1.0, applied to linear RGB: Machado, Oliveira and Fernandes, "A
physiologically-based model for simulation of color vision deficiency", IEEE Transactions on
Visualization and Computer Graphics 15 (2009), 1291-1298, doi:10.1109/TVCG.2009.113, table of the
supplementary material.
"""

import numpy as np
from matplotlib.colors import to_rgb

SIMULATIONS = {
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
    # A printer without color: every channel becomes the luminance of WCAG.
    "grayscale": [[0.2126, 0.7152, 0.0722]] * 3,
}
VIEWS = ("all colors", *SIMULATIONS)
# sRGB to XYZ under its white, D65 (IEC 61966-2-1).
XYZ = np.array(
    [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]],
)


def linear(color):
    """Return the linear RGB values of a color."""
    c = np.array(to_rgb(color))
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def seen(color, view):
    """Return the linear RGB values that the color has in a view."""
    if view == "all colors":
        return linear(color)
    return np.clip(np.array(SIMULATIONS[view]) @ linear(color), 0, 1)


def lab(rgb):
    """Return CIE L*a*b* of linear RGB values."""
    ratio = XYZ @ rgb / XYZ.sum(axis=1)
    root = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29)
    x, y, z = root
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def distance(one, other, view):
    """Return how far apart two colors look, in units of CIE 1976: 2.3 can just be told apart."""
    return float(np.linalg.norm(lab(seen(one, view)) - lab(seen(other, view))))


def nearest(one, other):
    """Return the smallest distance of two colors over all views, and the view."""
    return min((distance(one, other, view), view) for view in VIEWS)


def contrast_on_white(color, view="all colors"):
    """Return the contrast of WCAG 2 with white."""
    return 1.05 / (float(np.dot(XYZ[1], seen(color, view))) + 0.05)
