"""Releases: what a distribution lays on a disk, as data.

`load(name)` gives a `Release` (its versions, dates and packages), `build(release, packages, programs)` a filesystem image with
these packages installed, `preset(name)` a named image of the recordings (`L0`, `P1`, ...). The folders `bookworm/` and
`hardy/` hold the data: `release.toml`, `Packages` (the archive, in the archive's own format), `manual` (the manual pages of
each package) and `packages/NAME/` (see `maillab.sim.releases.package`).
"""

from maillab.sim.releases.image import build, build_preset, package_entries
from maillab.sim.releases.release import Preset, Release, load, preset, suite

__all__ = ["Preset", "Release", "build", "build_preset", "load", "package_entries", "preset", "suite"]
