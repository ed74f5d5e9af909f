"""Parameters and outputs of a training: the same for the three detectors, but for what they learn from."""

from __future__ import annotations

from qgis.core import (
    QgsProcessingOutputDefinition,
    QgsProcessingOutputHtml,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
)

from .cards import AUTO, list_cards
from .i18n import tr
from .parameters import (
    DOUBLE,
    INTEGER,
    POLYGON,
    RASTER,
    advanced,
    device_parameter,
    extent_parameter,
    open_choice,
    optional_number,
    resolution_parameter,
    with_help,
)

# In place of a model: an encoder that knows everyday pictures, or random weights.
STARTS = ("imagenet", "scratch")

MINUTES, EPOCHS = "minutes", "epochs"


class TrainingParameters:
    """Names of the parameters and outputs; fixed for ever, since models and scripts hold them."""

    INPUT = "INPUT"
    LABELS = "LABELS"
    NORMAL = "NORMAL"
    BASE = "BASE"
    BANDS = "BANDS"
    EXTENT = "EXTENT"
    BUDGET_TYPE = "BUDGET_TYPE"
    BUDGET = "BUDGET"
    NAME = "NAME"
    RESOLUTION = "RESOLUTION"
    GROUND_RESOLUTION = "GROUND_RESOLUTION"
    WINDOW = "WINDOW"
    BATCH_SIZE = "BATCH_SIZE"
    VALIDATION_SHARE = "VALIDATION_SHARE"
    DEVICE = "DEVICE"
    RESUME = "RESUME"
    MODEL = "MODEL"
    REPORT = "REPORT"
    MODEL_NAME = "MODEL_NAME"


def training_parameters(detector: str, needs_labels: bool) -> list[QgsProcessingParameterDefinition]:
    """Return the parameters in the order of the form.

    Args:
        detector: to be trained.
        needs_labels: whether it learns from landslides; else from ground without any.
    """
    names = TrainingParameters
    return [
        with_help(
            QgsProcessingParameterMultipleLayers(names.INPUT, tr("Scenes"), RASTER),
            tr(
                "One raster or many, of the same bands. A layer that is no file (WMS, XYZ tiles, a database) is first "
                "read into a temporary GeoTIFF, within the extent, which is then needed. Your layers are only read, "
                "never changed."
            ),
        ),
        *_labels(needs_labels),
        with_help(
            open_choice(
                names.BASE,
                tr("Model to start from (auto: by the scenes' resolution)"),
                (AUTO, *(card.name for card in list_cards(detector)), *STARTS),
            ),
            tr(
                "What the network knows already. <i>auto</i> takes the shipped model that fits the scenes' ground "
                "resolution best; <i>imagenet</i> an encoder that knows everyday pictures only (fetched from the "
                "internet if it has to be), and <i>scratch</i> nothing: both need many labels and hours."
            ),
        ),
        with_help(
            QgsProcessingParameterString(names.BANDS, tr("Bands, such as 1,2,3"), None, optional=True),
            tr(
                "Of every scene, in the order the model wants them. If none are named, red, green and blue by the "
                "colour interpretation of the raster, else the first ones."
            ),
        ),
        extent_parameter(names.EXTENT, tr("Extent to learn from")),
        with_help(
            QgsProcessingParameterEnum(
                names.BUDGET_TYPE, tr("Train for a number of"), [MINUTES, EPOCHS], False, MINUTES, False, True
            ),
            tr("What the next number counts: minutes, or rounds over the training windows."),
        ),
        with_help(
            QgsProcessingParameterNumber(names.BUDGET, tr("Minutes or epochs"), DOUBLE, 30, minValue=0.1),
            tr(
                "How long to train. Cancelling earlier is no loss: the best model so far is kept. On a CPU, half an "
                "hour fits a shipped model to a scene."
            ),
        ),
        with_help(
            QgsProcessingParameterString(names.NAME, tr("Name of the new model")),
            tr("The detection algorithms will list it by this name, and a folder in your model folder will hold it."),
        ),
        *advanced(_fine_tuning(64 if detector == "patches" else 32)),
    ]


def _labels(needs_labels: bool) -> list[QgsProcessingParameterDefinition]:
    names = TrainingParameters
    labels = QgsProcessingParameterFeatureSource(
        names.LABELS, tr("Landslides known"), [POLYGON], optional=not needs_labels
    )
    if needs_labels:
        return [
            with_help(
                labels,
                tr(
                    "Polygons of all landslides in the scenes (or within the extent): what lies outside of them is "
                    "learned as ground without. Of a layer with a column <i>status</i> from a review, only accepted "
                    "ones are landslides, and rejected ones are examples of what is none. The selected ones only, if "
                    "you tick that."
                ),
            )
        ]
    return [
        with_help(labels, tr("Polygons of landslides that are known of, to be kept out of the training.")),
        with_help(
            QgsProcessingParameterFeatureSource(names.NORMAL, tr("Normal ground"), [POLYGON], optional=True),
            tr(
                "Polygons of ground known to hold no landslide; only this ground is learned from. With neither these "
                "nor landslides the detector adapts to the scenes as they are, which works while landslides are rare "
                "in them."
            ),
        ),
    ]


def _fine_tuning(step: int) -> list[QgsProcessingParameterDefinition]:
    names = TrainingParameters
    return [
        resolution_parameter(names.RESOLUTION),
        with_help(
            optional_number(names.GROUND_RESOLUTION, tr("Ground resolution (metres a pixel)"), DOUBLE, 1e-3),
            tr("For scenes without georeference, which do not tell it themselves."),
        ),
        with_help(
            optional_number(names.WINDOW, tr("Training window (pixels, in steps of {})").format(step), INTEGER, step),
            tr("Side of the pieces of a scene the network learns from. If it is not set, that of the model."),
        ),
        with_help(
            optional_number(names.BATCH_SIZE, tr("Batch size (windows)"), INTEGER, 2),
            tr("How many windows make one step; fewer need less memory."),
        ),
        with_help(
            QgsProcessingParameterNumber(
                names.VALIDATION_SHARE, tr("Share of the ground kept for validation"), DOUBLE, 0.2,
                minValue=0.05, maxValue=0.5,
            ),
            tr(
                "Blocks of the scenes the network does not learn from. They tell which state of it is the best, and "
                "set its threshold."
            ),
        ),
        device_parameter(names.DEVICE),
        with_help(
            QgsProcessingParameterBoolean(names.RESUME, tr("Resume a training that was cancelled"), False),
            tr("Goes on where the training of the model of this name ended; give the same scenes and labels again."),
        ),
        with_help(
            QgsProcessingParameterFolderDestination(
                names.MODEL, tr("Folder of the model, if not in your model folder"), None, True, False
            ),
            tr("The new model, ready for detection: card, network, weights, and the report of the training."),
        ),
    ]  # fmt: skip


def training_scores() -> dict[str, str]:
    """Return the numbers among the engine's results, with what they are: measured on the ground kept for validation.

    The name of an output is that of the number, in capitals.
    """
    return {
        "threshold": tr("Threshold of the model"),
        "f1": tr("F1"),
        "iou": tr("IoU"),
        "precision": tr("Precision"),
        "recall": tr("Recall"),
        "auroc": tr("AUROC"),
        "base_f1": tr("F1 of the model it started from"),
        "base_iou": tr("IoU of the model it started from"),
        "base_precision": tr("Precision of the model it started from"),
        "base_recall": tr("Recall of the model it started from"),
    }


def training_outputs() -> list[QgsProcessingOutputDefinition]:
    """Return what a training gives beside the model."""
    names = TrainingParameters
    return [
        QgsProcessingOutputString(names.MODEL_NAME, tr("Name of the model")),
        QgsProcessingOutputHtml(names.REPORT, tr("Report of the training")),
        *(QgsProcessingOutputNumber(name.upper(), description) for name, description in training_scores().items()),
    ]
