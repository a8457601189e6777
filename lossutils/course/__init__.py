"""What the chapters of the course call, beside the mathematics: figures, sliders, questions.

Each name is imported from its module when it is first asked for: who needs one of them, needs not
have installed what the others import.
"""

from importlib import import_module

_MODULES = {
    "choosing": ("ROWS", "TASKS", "recommend"),
    "figures": ("LOOKS", "label_line", "look", "plot_loss_and_gradient", "use_course_style"),
    "publishing": ("publish", "show"),
    "quiz": ("question", "right", "wrong"),
    "sliders": ("slider",),
}
_HOMES = {name: module for module, names in _MODULES.items() for name in names}
__all__ = sorted(_HOMES)


def __getattr__(name):
    if name in _HOMES:
        return getattr(import_module(f"lossutils.course.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__():
    return [*globals(), *__all__]
