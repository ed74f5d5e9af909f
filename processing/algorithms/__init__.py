"""The algorithms, one file each."""

from .assessaccuracy import AssessAccuracy
from .checkenvironment import CheckEnvironment
from .comparedetectors import CompareDetectors
from .createsamplescene import CreateSampleScene
from .detectanomalies import DetectAnomalies
from .detectpatches import DetectPatches
from .segmentlandslides import SegmentLandslides
from .trainanomalydetector import TrainAnomalyDetector
from .trainpatchclassifier import TrainPatchClassifier
from .trainsegmentation import TrainSegmentation

ALGORITHMS = (
    SegmentLandslides,
    DetectPatches,
    DetectAnomalies,
    TrainSegmentation,
    TrainPatchClassifier,
    TrainAnomalyDetector,
    AssessAccuracy,
    CompareDetectors,
    CreateSampleScene,
    CheckEnvironment,
)
