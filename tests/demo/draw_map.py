"""Draws what `make demo` found: scene, probability, mask and polygons of each detector side by side.

Usage: draw_map.py FOLDER, which holds scene.tif, truth.tif, truth.gpkg and the detectors' outputs; the map goes to
FOLDER/map.png. Prints each detector's F1 against the truth.
"""

from __future__ import annotations

import sys
from pathlib import Path

from page import GAP, HEAD, LEFT, MAP_SIDE, ROW_HEIGHT, TOP, WIDTH, Page
from qgis.core import QgsApplication, QgsMapLayer, QgsProject, QgsRasterLayer, QgsVectorLayer
from scores import Score, patch_score, pixel_score

STYLES = Path(__file__).parents[2] / "processing" / "styles"
COLUMNS = ("Scene, with the true landslides outlined", "Probability", "Mask", "Polygons")
# Detector: its title and the style of its probability.
DETECTORS = {
    "patches": ("Patches: a ResNet50 decides patch by patch", "patch_grid"),
    "segmentation": ("Segmentation: a DeepLabv3+ decides pixel by pixel", "probability"),
    "anomaly": ("Anomaly: a U-Net that has seen only normal terrain, no labels", "probability"),
}


def raster(path: Path, style: str | None = None) -> QgsRasterLayer:
    return _styled(QgsRasterLayer(str(path), path.stem), style)


def vector(path: Path, style: str | None = None) -> QgsVectorLayer:
    return _styled(QgsVectorLayer(str(path), path.stem), style)


def _styled(layer: QgsMapLayer, style: str | None) -> QgsMapLayer:
    if not layer.isValid():
        raise SystemExit(f"{layer.source()}: cannot be drawn")
    if style is not None:
        message, loaded = layer.loadNamedStyle(str(STYLES / f"{style}.qml"))
        if not loaded:
            raise SystemExit(f"{style}.qml: {message}")
    QgsProject.instance().addMapLayer(layer)
    return layer


def subdued(path: Path) -> QgsRasterLayer:
    """Return the scene with its colours held back, as a ground for what is drawn on it."""
    layer = raster(path)
    layer.hueSaturationFilter().setSaturation(-75)
    layer.brightnessFilter().setBrightness(45)
    layer.brightnessFilter().setContrast(-25)
    return layer


def outlines(path: Path) -> QgsVectorLayer:
    """Return the true landslides as thin outlines."""
    layer = vector(path)
    symbol = (
        layer.renderer()
        .symbol()
        .createSimple({"style": "no", "outline_color": "#fff200", "outline_width": "0.45", "joinstyle": "round"})
    )
    layer.renderer().setSymbol(symbol)
    return layer


def draw(folder: Path) -> dict[str, Score]:
    """Draw FOLDER/map.png and return each detector's score."""
    scene, ground, truth = raster(folder / "scene.tif"), subdued(folder / "scene.tif"), outlines(folder / "truth.gpkg")
    QgsProject.instance().setCrs(scene.crs())
    page = Page(QgsProject.instance(), scene.extent(), len(DETECTORS))
    page.text("Landslide Detector", WIDTH / 2, 5, size=24, bold=True)
    page.text(
        f"Synthetic sample scene: procedurally generated, not an image of any real place "
        f"({scene.width()} × {scene.height()} px of {scene.rasterUnitsPerPixelX():.1f} m)",
        WIDTH / 2,
        15,
        size=12,
    )
    for column, title in enumerate(COLUMNS):
        page.text(title, LEFT + column * (MAP_SIDE + GAP) + MAP_SIDE / 2, TOP - 8, size=12, bold=True)

    scores, shown = {}, {}
    for row, (detector, (title, style)) in enumerate(DETECTORS.items()):
        score = patch_score if detector == "patches" else pixel_score
        scores[detector] = score(folder / f"{detector}_mask.tif", folder / "truth.tif")
        probability = raster(folder / f"{detector}_probability.tif", style)
        mask = raster(folder / f"{detector}_mask.tif", "mask")
        polygons = vector(folder / f"{detector}_polygons.gpkg", "polygons")
        top = TOP + row * ROW_HEIGHT
        page.row_title(title, str(scores[detector]), top)
        for column, layers in enumerate(([truth, scene], [probability, ground], [mask, ground], [polygons, ground])):
            page.map(layers, LEFT + column * (MAP_SIDE + GAP), top + HEAD)
        shown[style] = probability
    page.footer(
        [
            [(shown["patch_grid"], "Probability of a patch")],
            [(shown["probability"], "Probability of a pixel")],
            [(mask, "Mask")],
            [(polygons, "Polygon of a detected landslide"), (truth, "Outline of a true landslide")],
        ]
    )
    page.save(folder / "map.png")
    return scores


def main() -> None:
    application = QgsApplication([], False)
    application.initQgis()
    folder = Path(sys.argv[1])
    scores = draw(folder)
    print("Against the truth of the synthetic sample scene:")
    for detector, score in scores.items():
        print(f"  {detector:13} {score}")
    print(f"Map: {folder / 'map.png'}")
    QgsProject.instance().clear()
    application.exitQgis()


if __name__ == "__main__":
    main()
