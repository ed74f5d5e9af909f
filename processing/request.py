"""The command line of a detection."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class DetectionRequest:
    """All that `landslides detect` is asked for; None leaves it to the model's card or to the engine.

    Attributes:
        detector: `patches`, `segmentation` or `anomaly`.
        source: data source of the scene.
        probability: GeoTIFF to write.
        mask: GeoTIFF to write.
        polygons: GeoPackage to write.
        model: name, folder or `auto`.
        bands: of the scene, counted from 1, in the model's order.
        threshold: probability from which something counts as landslide.
        extent: xmin, ymin, xmax, ymax in the scene's CRS.
        area: data source of the polygons to search in.
        tile_size: side of a tile, px.
        overlap: of neighbouring tiles, px.
        batch_size: tiles at a time.
        device: `cpu`, `cuda`, `cuda:1`, `mps`, `xpu` or `auto`.
        precision: `fp32`, `bf16`, `fp16`, `int8` or `auto`.
    """

    detector: str
    source: str
    probability: str
    mask: str
    polygons: str | None = None
    model: str = "auto"
    bands: tuple[int, ...] = ()
    threshold: float | None = None
    extent: tuple[float, float, float, float] | None = None
    area: str | None = None
    tile_size: int | None = None
    overlap: int | None = None
    batch_size: int | None = None
    device: str = "auto"
    precision: str = "auto"

    def arguments(self) -> list[str]:
        """Return the arguments for the engine."""
        arguments = ["detect", self.detector, self.source, "--probability", self.probability, "--mask", self.mask]
        if self.polygons is not None:
            arguments += ["--polygons", self.polygons]
        if self.model != "auto":
            arguments += ["--model", self.model]
        if self.bands:
            arguments += ["--bands", ",".join(map(str, self.bands))]
        if self.extent is not None:
            # In one word: a coordinate that begins with a minus sign would look like an option.
            arguments.append("--extent=" + ",".join(map(repr, self.extent)))
        for option, value in [
            ("--threshold", self.threshold),
            ("--aoi", self.area),
            ("--tile-size", self.tile_size),
            ("--overlap", self.overlap),
            ("--batch-size", self.batch_size),
        ]:
            if value is not None:
                arguments += [option, str(value)]
        if self.device != "auto":
            arguments += ["--device", self.device]
        if self.precision != "auto":
            arguments += ["--precision", self.precision]
        return arguments
