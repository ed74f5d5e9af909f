"""The review panel, worked by keys as a reviewer would; the GeoPackage is read through connections of their own."""

from __future__ import annotations

import json
import shutil
import sqlite3
import zipfile
from pathlib import Path
from typing import Any

import pytest
from osgeo import gdal, ogr, osr

gdal.UseExceptions()


@pytest.fixture(scope="session")
def inventory(scene: Path) -> Path:
    """What a detection could have left on the sample scene, never reviewed: its landslides and some false alarms."""
    path = scene.with_name("inventory.gpkg")
    raster = gdal.Open(str(scene))
    reference = raster.GetSpatialRef()
    west, pixel, _, north, _, _ = raster.GetGeoTransform()
    source = ogr.GetDriverByName("GPKG").CreateDataSource(str(path), options=["VERSION=1.2"])
    layer = source.CreateLayer("landslides", reference, ogr.wkbPolygon)
    layer.CreateField(ogr.FieldDefn("id", ogr.OFTInteger64))
    for column in ("area_m2", "mean_probability", "max_probability"):
        layer.CreateField(ogr.FieldDefn(column, ogr.OFTReal))
    # Neither by their sizes nor by their probabilities are they in the order of the file.
    places = [(150, 120, 9), (400, 90, 14), (260, 260, 22), (90, 330, 17), (430, 300, 7), (200, 430, 12)]
    for number, (column, row, radius) in enumerate(places, start=1):
        centre = ogr.CreateGeometryFromWkt(f"POINT ({west + column * pixel} {north - row * pixel})")
        shape = centre.Buffer(radius, 5)
        feature = ogr.Feature(layer.GetLayerDefn())
        feature.SetGeometry(shape)
        feature.SetField("id", number)
        feature.SetField("area_m2", shape.Area())
        feature.SetField("mean_probability", 0.5 + 0.05 * (3 * number % 7))
        feature.SetField("max_probability", 0.99)
        layer.CreateFeature(feature)
    del feature, layer, source
    return path


@pytest.fixture
def polygons(inventory: Path, tmp_path: Path) -> Path:
    """A copy of them to write into."""
    folder = tmp_path / "data"
    folder.mkdir()
    return Path(shutil.copy(inventory, folder / "landslides.gpkg"))


def rows(polygons: Path, columns: str = "status") -> dict[int, Any]:
    """Return columns of all rows by fid, read through a fresh connection."""
    with sqlite3.connect(polygons) as connection:
        found = connection.execute(f"SELECT fid, {columns} FROM landslides").fetchall()
    return {fid: values[0] if len(values) == 1 else values for fid, *values in found}


def by_area(polygons: Path) -> list[int]:
    areas = rows(polygons, "area_m2")
    return sorted(areas, key=lambda fid: -areas[fid])


def test_keys_decide_and_each_decision_is_on_disk_at_once(
    play: Any, scene: Path, polygons: Path, tmp_path: Path
) -> None:
    order = by_area(polygons)
    seen = play(tmp_path, "review_scenarios:decide", scene=scene, polygons=polygons, keys=["a", "r", "right", "left"])

    assert seen["start"]["current"] == order[0]
    assert [state["current"] for state in seen["after"]] == [order[1], order[2], order[3], order[2]]
    first, second = ({fid: status for fid, status, *_ in state["stored"]} for state in seen["after"][:2])
    assert first[order[0]] == "accepted"
    assert {status for fid, status in first.items() if fid != order[0]} == {None}
    assert second[order[1]] == "rejected"
    assert all(state["in_sight"] and state["lit"] for state in [seen["start"], *seen["after"]])
    assert seen["renderer"] == "categorizedSymbol"
    assert rows(polygons)[order[0]] == "accepted"
    assert rows(polygons, "reviewed_at")[order[0]]
    assert any(f"{len(order) - 2} left. Accepted: 1" in text for text in seen["after"][-1]["texts"])


def test_undo_takes_back_one_decision_after_another(play: Any, scene: Path, polygons: Path, tmp_path: Path) -> None:
    order = by_area(polygons)
    keys = ["a", "r", "u", "u", "u"]
    seen = play(tmp_path, "review_scenarios:decide", scene=scene, polygons=polygons, keys=keys)

    assert [state["current"] for state in seen["after"]] == [order[1], order[2], order[1], order[0], order[0]]
    assert set(rows(polygons).values()) == {None}
    assert "undo" not in seen["after"][-1]["enabled"]


def test_orders_and_filters(play: Any, scene: Path, polygons: Path, tmp_path: Path) -> None:
    seen = play(tmp_path, "review_scenarios:orders", scene=scene, polygons=polygons)

    certainty = rows(polygons, "mean_probability")
    assert seen["orders"]["Largest first"] == by_area(polygons)
    assert seen["orders"]["Least certain first"] == sorted(certainty, key=lambda fid: certainty[fid])
    assert sorted(seen["orders"]["Along the map"]) == sorted(certainty)
    count = len(certainty)
    assert sorted(seen["filters"]["All"]) == sorted(["accepted"] * 2 + ["rejected"] + [""] * (count - 3))
    assert seen["filters"]["To review"] == [""] * (count - 3)
    assert seen["filters"]["Accepted"] == ["accepted"] * 2
    assert seen["filters"]["Rejected"] == ["rejected"]


def test_redraw_add_give_up_and_undo_by_drawing_on_the_map(
    play: Any, scene: Path, polygons: Path, tmp_path: Path
) -> None:
    before = rows(polygons, "area_m2")
    seen = play(tmp_path, "review_scenarios:draw", scene=scene, polygons=polygons)

    assert seen["drawing"]["enabled"] == ["give_up"]
    after = rows(polygons, "status, area_m2, mean_probability, note, reviewer")
    first = seen["first"]
    assert after[first][0] == "accepted"
    assert after[first][1] == pytest.approx(40 * 40, rel=0.1)
    assert after[first][2:4] == [None, "redrawn"]
    assert seen["redrawn"]["current"] != first
    (added,) = set(after) - set(before)
    assert after[added][0] == "accepted"
    assert after[added][1] == pytest.approx(24 * 24, rel=0.1)
    assert after[added][3] == "added"
    assert seen["added"]["current"] == seen["redrawn"]["current"]
    assert seen["given_up"]["stored"] == seen["added"]["stored"] == seen["undone"]["stored"]
    assert len(seen["before_undo"]["stored"]) == len(seen["added"]["stored"]) + 1
    assert not seen["editable"]


def test_corners_are_moved_with_the_vertex_tool_and_kept_by_enter(
    play: Any, scene: Path, polygons: Path, tmp_path: Path
) -> None:
    seen = play(tmp_path, "review_scenarios:corners", scene=scene, polygons=polygons)

    assert seen["moving"]["enabled"] == ["keep", "give_up"]
    assert seen["kept"]["area"] != pytest.approx(seen["before"])
    assert not seen["kept"]["editable"]
    assert rows(polygons)[seen["fid"]] == "accepted"
    assert rows(polygons, "area_m2")[seen["fid"]] == pytest.approx(seen["kept"]["area"], rel=0.01)
    assert seen["given_up"]["changed"] == 0
    assert seen["given_up"]["stored"] == seen["kept"]["stored"]


def test_remarks_and_the_reviewers_name_are_written(play: Any, scene: Path, polygons: Path, tmp_path: Path) -> None:
    seen = play(tmp_path, "review_scenarios:note", scene=scene, polygons=polygons)

    assert seen["typed"]["current"] == seen["first"]
    assert {status for _fid, status, *_ in seen["typed"]["stored"]} == {None}
    assert rows(polygons, "status, reviewer, note")[seen["first"]] == [
        "accepted",
        "Ada Lovelace",
        "near a road, ravd nu",
    ]
    assert rows(polygons, "status, reviewer, note")[seen["second"]] == ["accepted", "Ada Lovelace", "left in the field"]


def test_a_crash_in_mid_review_loses_nothing(play: Any, scene: Path, polygons: Path, tmp_path: Path) -> None:
    order = by_area(polygons)
    with pytest.raises(AssertionError, match="QGIS ended with -9"):
        play(tmp_path, "review_scenarios:crash", scene=scene, polygons=polygons)

    after = rows(polygons)
    assert [after[fid] for fid in order[:5]] == ["accepted", "rejected", "accepted", "rejected", None]


def test_another_programs_lock_gives_one_clear_message(play: Any, scene: Path, polygons: Path, tmp_path: Path) -> None:
    seen = play(tmp_path, "review_scenarios:locked", scene=scene, polygons=polygons)

    assert "another program is writing to the GeoPackage" in seen["held"]["notice"]
    assert seen["held"]["bar"] == ""
    assert {status for _fid, status, *_ in seen["held"]["stored"]} == {None}
    assert seen["free"]["notice"] == ""
    assert list(rows(polygons).values()).count("accepted") == 1


def test_layers_that_cannot_be_reviewed_say_why(play: Any, polygons: Path, tmp_path: Path) -> None:
    packed = polygons.with_suffix(".zip")
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(polygons, "landslides.gpkg")
    numbers = Path(shutil.copy(polygons, polygons.with_name("numbers.gpkg")))
    with sqlite3.connect(numbers) as connection:
        connection.execute("ALTER TABLE landslides ADD COLUMN status INTEGER")
    layers = {
        "in memory": "Polygon?crs=EPSG:32651",
        "read-only": f"/vsizip/{packed}/landslides.gpkg|layername=landslides",
        "locked by the user": f"{polygons}|layername=landslides",
        "numbers": f"{numbers}|layername=landslides",
    }

    seen = play(tmp_path, "review_scenarios:unsuitable", layers=layers)

    assert not any(state["enabled"] for state in seen.values())
    assert "is not in a GeoPackage" in seen["in memory"]["notice"]
    assert "the GeoPackage is read-only" in seen["read-only"]["notice"]
    assert "the GeoPackage is read-only" in seen["locked by the user"]["notice"]
    assert "column “status” holds numbers" in seen["numbers"]["notice"]


def test_layer_that_no_detection_gave_is_left_alone_until_it_is_chosen(
    play: Any, scene: Path, polygons: Path, tmp_path: Path
) -> None:
    seen = play(tmp_path, "review_scenarios:unasked", scene=scene, polygons=polygons)

    assert seen["opened"] == {"chosen": False, "added": False}
    assert seen["added"]
    assert "accept" in seen["chosen"]["enabled"]


def test_bare_and_empty_layers_can_be_reviewed(play: Any, scene: Path, tmp_path: Path) -> None:
    path = tmp_path / "bare.gpkg"
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(32651)
    source = ogr.GetDriverByName("GPKG").CreateDataSource(str(path), options=["VERSION=1.2"])
    source.CreateLayer("landslides", reference, ogr.wkbMultiPolygon)
    del source

    seen = play(tmp_path, "review_scenarios:decide", scene=scene, polygons=path, keys=["a", "right", "u"])

    assert seen["start"]["enabled"] == ["add"]
    assert any("Draw what was missed" in text for text in seen["start"]["texts"])
    assert seen["after"][-1]["stored"] == []


@pytest.mark.parametrize("how", ["removed", "removed beside others", "project closed"])
def test_losing_the_layer_ends_the_review_with_a_message(
    play: Any, scene: Path, polygons: Path, tmp_path: Path, how: str
) -> None:
    seen = play(tmp_path, "review_scenarios:lost", scene=scene, polygons=polygons, how=how)

    assert "has ended. All decisions are in its file" in seen["after"]["notice"]
    assert seen["after"]["enabled"] == []
    assert not seen["after"]["lit"]
    assert not seen["after"].get("chosen")
    assert list(rows(polygons).values()).count("accepted") == 1


def test_review_waits_while_the_user_edits_the_layer(play: Any, scene: Path, polygons: Path, tmp_path: Path) -> None:
    count = len(rows(polygons, "id"))
    seen = play(tmp_path, "review_scenarios:lost", scene=scene, polygons=polygons, how="edited")

    assert seen["editing"]["enabled"] == []
    assert any("The layer is being edited" in text for text in seen["editing"]["texts"])
    assert seen["pressed"]["stored"] == seen["editing"]["stored"]
    assert len(seen["after"]["stored"]) == count - 1
    assert "accept" in seen["after"]["enabled"]


def test_polygon_deleted_behind_the_panels_back(play: Any, scene: Path, polygons: Path, tmp_path: Path) -> None:
    seen = play(tmp_path, "review_scenarios:lost", scene=scene, polygons=polygons, how="row deleted")

    assert "has been deleted meanwhile" in seen["after"]["notice"]
    assert "accept" in seen["after"]["enabled"]


def test_unloading_takes_the_panel_away(play: Any, scene: Path, polygons: Path, tmp_path: Path) -> None:
    seen = play(tmp_path, "review_scenarios:lost", scene=scene, polygons=polygons, how="unloaded")

    assert seen["docks"] == 0
    assert [status for _fid, status, *_ in seen["stored"]].count("accepted") == 1


def test_layers_that_can_be_reviewed_have_it_in_their_menu(
    play: Any, scene: Path, polygons: Path, tmp_path: Path
) -> None:
    seen = play(tmp_path, "review_scenarios:menu", scene=scene, polygons=polygons)

    assert "Review landslides…" in seen["offered"]["hillside: landslides"]
    assert "Review landslides…" not in seen["offered"]["memory"]
    assert seen["opened"]
    assert json.dumps(seen["offered"]).count("Review landslides") == 1
