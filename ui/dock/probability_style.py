"""A probability layer that shows only what is at or above a threshold."""

from __future__ import annotations

from qgis.core import QgsColorRampShader, QgsRasterLayer, QgsRasterShader, QgsSingleBandPseudoColorRenderer
from qgis.PyQt.QtGui import QColor

from .run_property import record_of
from .styles import load_style, style_of

THRESHOLD_PROPERTY = "landslide_detector/threshold"

# Closer together than two probabilities that a person would tell apart.
_JUST_BELOW = 1e-6
_UNKNOWN = 0.5

_Item = QgsColorRampShader.ColorRampItem


class ProbabilityStyle:
    """The style of one probability layer, whole or cut at a threshold."""

    def __init__(self, layer: QgsRasterLayer) -> None:
        record = record_of(layer)
        self._style = style_of("PROBABILITY", record["algorithm"] if record else "")
        self._own = (record or {}).get("threshold", _UNKNOWN)
        self._layer = layer
        # Of the layer's own style: one that is cut already has lost what is below.
        self._whole: tuple[QgsColorRampShader.Type, list[_Item]] | None = None

    @property
    def threshold(self) -> float:
        """The threshold the layer is cut at, which is saved with the project; else that of its mask and polygons."""
        cut = self._layer.customProperty(THRESHOLD_PROPERTY)
        return float(self._own if cut is None else cut)

    def show_all(self) -> None:
        """Show probabilities from 0 to 1."""
        load_style(self._layer, self._style)
        self._layer.removeCustomProperty(THRESHOLD_PROPERTY)
        self._layer.emitStyleChanged()

    def show_above(self, threshold: float) -> None:
        """Make what is below `threshold` transparent; the colours above stay as they are."""
        if self._whole is None:
            load_style(self._layer, self._style)
            shader = self._layer.renderer().shader().rasterShaderFunction()
            self._whole = shader.colorRampType(), [_Item(item) for item in shader.colorRampItemList()]
        kind, items = self._whole
        cut = QgsColorRampShader(0, 1, None, kind)
        cut.setColorRampItemList(_cut(kind, items, threshold))
        whole_shader = QgsRasterShader()
        whole_shader.setRasterShaderFunction(cut)
        renderer = QgsSingleBandPseudoColorRenderer(self._layer.dataProvider(), 1, whole_shader)
        renderer.setClassificationMin(0)
        renderer.setClassificationMax(1)
        self._layer.setRenderer(renderer)
        self._layer.setCustomProperty(THRESHOLD_PROPERTY, threshold)
        self._layer.triggerRepaint()
        self._layer.emitStyleChanged()


def _cut(kind: QgsColorRampShader.Type, items: list[_Item], threshold: float) -> list[_Item]:
    """Return the items of a shader that is transparent below `threshold`."""
    above = [item for item in items if item.value > threshold]
    nothing = QColor(above[0].color if above else items[-1].color)
    nothing.setAlpha(0)
    label = f"< {threshold:.3f}"
    if kind == QgsColorRampShader.Type.Discrete:
        # An item gives its colour to all values up to its own.
        return [_Item(threshold - _JUST_BELOW, nothing, label), *above]
    first = _colour_at(items, threshold)
    return [
        _Item(0, nothing, label),
        _Item(threshold - _JUST_BELOW, nothing, ""),
        _Item(threshold, first, f"{threshold:.3f}"),
        *above,
    ]


def _colour_at(items: list[_Item], value: float) -> QColor:
    """Return the colour between the two items around `value`; nothing that counts is quite transparent."""
    below = [item for item in items if item.value <= value] or items[:1]
    above = [item for item in items if item.value > value] or items[-1:]
    low, high = below[-1], above[0]
    part = 0.0 if high.value <= low.value else (value - low.value) / (high.value - low.value)
    mixed = [round((1 - part) * a + part * b) for a, b in zip(low.color.getRgb(), high.color.getRgb())]
    mixed[3] = max(mixed[3], 120)
    return QColor(*mixed)
