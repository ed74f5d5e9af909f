"""What there is to know about a scene before a model looks at it, and whether the two fit."""

from __future__ import annotations

from dataclasses import dataclass

from qgis.core import QgsCoordinateTransformContext, QgsRasterLayer

from ...processing.cards import ModelCard
from ...processing.i18n import tr
from ...processing.scene import metres_per_unit

_COLOUR_BANDS = 4  # what a server's picture has: red, green, blue, alpha


@dataclass(frozen=True)
class SceneFacts:
    """A scene in figures.

    Attributes:
        width: columns, px; 0 for a layer without a size of its own, such as a web map.
        height: rows, px; 0 likewise.
        resolution: metres a pixel; None without a georeference or a size.
        bands: how many.
        bits: of a value.
    """

    width: int
    height: int
    resolution: float | None
    bands: int
    bits: int

    @classmethod
    def of(cls, layer: QgsRasterLayer, transform_context: QgsCoordinateTransformContext) -> SceneFacts:
        """Look at a layer; no pixel is read."""
        provider = layer.dataProvider()
        width, height = provider.xSize(), provider.ySize()
        resolution = None
        if width > 0 and layer.crs().isValid() and not layer.extent().isEmpty():
            pixel = layer.extent().width() / width
            resolution = pixel * metres_per_unit(layer.crs(), layer.extent(), transform_context)
        is_picture = layer.providerType() != "gdal" and width == 0
        bands = _COLOUR_BANDS if is_picture else layer.bandCount()
        return cls(width, height, resolution, bands, 8 if is_picture else 8 * provider.dataTypeSize(1))

    def lines(self) -> list[str]:
        """Return the figures in words: size, resolution, bands."""
        size = tr("{} x {} px").format(self.width, self.height) if self.width else tr("no size of its own (web map)")
        if self.resolution is not None:
            resolution = tr("{} a pixel").format(metres(self.resolution))
        else:
            resolution = tr("resolution not known") if self.width else tr("read at the model's resolution")
        bands = tr("1 band") if self.bands == 1 else tr("{} bands").format(self.bands)
        return [size, resolution, tr("{bands}, {bits} bit").format(bands=bands, bits=self.bits)]

    def misfits(self, card: ModelCard) -> list[str]:
        """Return, in plain words, where the scene is not what the model was trained on."""
        found = []
        wanted = band_names(card)
        if self.bands < len(wanted):
            bands = tr("1 band") if self.bands == 1 else tr("{} bands").format(self.bands)
            found.append(
                tr("The scene has {bands}; the model looks at {wanted}. Expect a poor result.").format(
                    bands=bands, wanted=", ".join(wanted)
                )
            )
        finest, coarsest = card.resolution
        if self.resolution is not None and not finest <= self.resolution <= coarsest:
            found.append(
                tr(
                    "{actual} a pixel; the model was trained on {finest} to {coarsest}. The scene is resampled on the "
                    "way, and the result is less certain."
                ).format(actual=metres(self.resolution), finest=metres(finest), coarsest=metres(coarsest))
            )
        elif self.resolution is None and self.width:
            found.append(tr("Without a georeference, nobody can tell whether the scene's resolution fits the model."))
        return found


def band_names(card: ModelCard) -> list[str]:
    """Return the bands a model looks at, by name and in its order."""
    inputs = card.fields.get("mlm:input") or [{}]
    return [band if isinstance(band, str) else str(band.get("name")) for band in inputs[0].get("bands", ())]


def metres(length: float) -> str:
    """Return a length on the ground in words: `0.8 m`, `25 cm`."""
    return tr("{:.3g} m").format(length) if length >= 0.1 else tr("{:.3g} cm").format(100 * length)


def metres_range(card: ModelCard) -> str:
    """Return the ground resolutions a model is made for, in words: `0.4 m - 16 m`, of an imported one just `2 m`."""
    finest, coarsest = card.resolution
    return metres(finest) if finest == coarsest else f"{metres(finest)} - {metres(coarsest)}"


def square_metres(area: float) -> str:
    """Return an area on the ground in the unit a person would take: m², ha or km²."""
    if area < 1e4:
        return tr("{:.0f} m²").format(area)
    return tr("{:.3g} ha").format(area / 1e4) if area < 1e6 else tr("{:,.4g} km²").format(area / 1e6)
