"""The invented nation: people who do not exist, by seed, and the dirty copy an insurance agency has of them."""

from ansinh_synthetic.nation import Manifest, create

__all__ = ["Manifest", "create"]
