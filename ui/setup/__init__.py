"""The engine's set-up as a person sees it: offered once, one page, and a detection on the sample scene as its proof."""

from .dialog import open_setup
from .offer import offer_setup
from .session import close_setup

__all__ = ["close_setup", "offer_setup", "open_setup"]
