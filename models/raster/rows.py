"""One band written row by row into a plain file, which a VRT beside it presents to GDAL.

Rows are only ever appended: a run that is killed leaves every row it has finished, and nothing is compressed twice.
"""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import rasterio.shutil
from affine import Affine
from numpy.typing import NDArray
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.io import MemoryFile

from ..errors import OutputError

GDAL_TYPES = {"float32": "Float32", "uint8": "Byte"}
SMALLEST = 512  # px: longest side of the coarsest overview


@dataclass(frozen=True)
class Place:
    """Size in px and georeference of a raster.

    Attributes:
        crs: rasterio's, or None.
        transform: pixel to CRS coordinates; identity where there is none.
        gcps: ground control points, for rasters that are placed by them.
    """

    width: int
    height: int
    crs: Any
    transform: Affine
    gcps: list[Any]


@dataclass(frozen=True)
class Band:
    """What a band is beside its pixels.

    Attributes:
        dtype: ``float32`` or ``uint8``.
        nodata: the value that stands for no data.
    """

    dtype: str
    nodata: float
    description: str
    tags: dict[str, str]


class RowFile:
    """A band that grows from the top.

    Args:
        path: of the VRT; the pixels go into a file beside it.
        place, band: what it will hold.
        rows: how many rows it holds already, from a run that was interrupted; what lies after them is dropped.

    Raises:
        OutputError: it cannot be written, or holds fewer rows.
    """

    def __init__(self, path: Path, place: Place, band: Band, rows: int = 0) -> None:
        pixels = level_path(path, 0, ".raw")
        size = rows * place.width * np.dtype(band.dtype).itemsize
        try:
            path.write_text(_head(place, band).replace("@PIXELS@", _raw_band(path, 0, place, band)), encoding="utf-8")
            for level, (width, height) in list(enumerate(level_sizes(place.width, place.height)))[1:]:
                coarse = Place(width, height, None, Affine.identity(), [])
                text = f'<VRTDataset rasterXSize="{width}" rasterYSize="{height}">'
                text += f"{_raw_band(path, level, coarse, band)}</VRTDataset>\n"
                level_path(path, level, ".vrt").write_text(text, encoding="utf-8")
            self._file = pixels.open("r+b" if rows else "wb")
            held = self._file.seek(0, 2)
            self._file.truncate(size)
            self._file.seek(size)
        except (OSError, RasterioError) as error:
            raise OutputError(f"{path.parent}: cannot write there ({error})") from None
        self._folder = path.parent.parent
        if held < size:
            self.close()
            raise OutputError(f"{pixels}: holds fewer rows than were finished; delete {path.parent} and start anew")

    def append(self, rows: NDArray[Any]) -> None:
        """Hand the next rows ``(n, width)`` to the system: they outlive this process.

        Raises:
            OutputError: the disk is full.
        """
        try:
            self._file.write(np.ascontiguousarray(rows).data)
            self._file.flush()
        except OSError as error:
            raise OutputError(f"{self._folder}: cannot write there, is the disk full? ({error.strerror})") from None

    def close(self) -> None:
        self._file.close()


def level_path(path: Path, level: int, suffix: str) -> Path:
    """A file of a VRT: its pixels at full resolution (level 0) or of the overview at ``1 / 2**level``."""
    return path.with_name(f"{path.stem}.{level}{suffix}")


def level_sizes(width: int, height: int) -> list[tuple[int, int]]:
    """Width and height of each level, from full resolution to the coarsest overview."""
    sizes = [(width, height)]
    while max(sizes[-1]) > SMALLEST:
        sizes.append((-(-sizes[-1][0] // 2), -(-sizes[-1][1] // 2)))
    return sizes


def _head(place: Place, band: Band) -> str:
    """A VRT of the georeference and tags, in GDAL's own words, with ``@PIXELS@`` where the band goes."""
    profile = {
        "driver": "GTiff", "width": place.width, "height": place.height, "count": 1, "dtype": band.dtype,
        "crs": place.crs, "transform": None if place.transform.is_identity else place.transform,
        "tiled": True, "sparse_ok": True, "bigtiff": "IF_SAFER",
    }  # fmt: skip
    with warnings.catch_warnings(), MemoryFile(ext=".tif") as memory, MemoryFile(ext=".vrt") as described:
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with memory.open(**profile) as dataset:
            dataset.update_tags(**band.tags)
            if place.gcps:
                dataset.gcps = (place.gcps, place.crs)
        rasterio.shutil.copy(memory.name, described.name, driver="VRT")
        text = described.read().decode()
    return re.sub(r"<VRTRasterBand.*</VRTRasterBand>", "@PIXELS@", text, flags=re.DOTALL)


def _raw_band(path: Path, level: int, place: Place, band: Band) -> str:
    size = np.dtype(band.dtype).itemsize
    overviews = "".join(
        f'<Overview><SourceFilename relativeToVRT="1">{level_path(path, finer, ".vrt").name}</SourceFilename>'
        "<SourceBand>1</SourceBand></Overview>"
        for finer in range(1, len(level_sizes(place.width, place.height)))
        if level == 0
    )
    return (
        f'<VRTRasterBand dataType="{GDAL_TYPES[band.dtype]}" band="1" subClass="VRTRawRasterBand">'
        f"<Description>{band.description}</Description><NoDataValue>{band.nodata}</NoDataValue>{overviews}"
        f'<SourceFilename relativetoVRT="1">{level_path(path, level, ".raw").name}</SourceFilename>'
        f"<ImageOffset>0</ImageOffset><PixelOffset>{size}</PixelOffset><LineOffset>{size * place.width}</LineOffset>"
        "<ByteOrder>LSB</ByteOrder></VRTRasterBand>"
    )
