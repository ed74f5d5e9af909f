"""The algorithms, one file each."""

from .checkenvironment import CheckEnvironment
from .createsamplescene import CreateSampleScene
from .detectanomalies import DetectAnomalies
from .detectpatches import DetectPatches
from .segmentlandslides import SegmentLandslides

ALGORITHMS = (SegmentLandslides, DetectPatches, DetectAnomalies, CreateSampleScene, CheckEnvironment)
