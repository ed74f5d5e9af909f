"""Polygons: passed on by name where their file says the same as the layer, else copied."""

from __future__ import annotations

import pytest
from landslide_detector.processing.polygons import FeaturePolygons, FilePolygons, resolve_polygons
from processing_support import RememberingFeedback, polygon_layer
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsField,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeatureSourceDefinition,
    QgsProject,
    QgsVectorFileWriter,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QVariant

RECTANGLES = [(0, 0, 10, 10), (20, 0, 30, 10), (40, 0, 50, 10)]


@pytest.fixture
def file_layer(tmp_path):
    """Three polygons in a GeoPackage of two layers, loaded in the project."""
    path = str(tmp_path / "les zones.gpkg")
    options = QgsVectorFileWriter.SaveVectorOptions()
    for name, rectangles in [("other", RECTANGLES[:1]), ("zones", RECTANGLES)]:
        options.layerName = name
        QgsVectorFileWriter.writeAsVectorFormatV3(
            polygon_layer(rectangles), path, QgsProject.instance().transformContext(), options
        )
        options.actionOnExistingFile = QgsVectorFileWriter.ActionOnExistingFile.CreateOrOverwriteLayer
    layer = QgsVectorLayer(f"{path}|layername=zones", "zones", "ogr")
    assert layer.featureCount() == 3
    yield QgsProject.instance().addMapLayer(layer, False)
    QgsProject.instance().removeMapLayer(layer)


def resolve(provider, value):
    algorithm = provider.algorithm("segmentlandslides")
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    return resolve_polygons(algorithm, {"AOI": value}, "AOI", context), context


def copied(provider, value, folder):
    polygons, _context = resolve(provider, value)
    assert isinstance(polygons, FeaturePolygons)
    layer = QgsVectorLayer(polygons.materialise(folder, RememberingFeedback()), "copy", "ogr")
    assert layer.isValid()
    return layer


def corners(layer):
    return sorted(feature.geometry().boundingBox().xMinimum() for feature in layer.getFeatures())


def test_all_of_a_file_is_passed_on_by_name_with_its_layer(provider, file_layer, tmp_path):
    polygons, _context = resolve(provider, file_layer.id())
    assert isinstance(polygons, FilePolygons)
    assert polygons.materialise(tmp_path, RememberingFeedback()) == f"{tmp_path / 'les zones.gpkg'}|layername=zones"


def test_a_file_that_is_not_in_the_project_is_passed_on_by_name(provider, file_layer, tmp_path):
    polygons, _context = resolve(provider, str(tmp_path / "les zones.gpkg"))
    assert polygons.materialise(tmp_path, RememberingFeedback()).startswith(str(tmp_path / "les zones.gpkg"))


def test_a_selection_is_copied(provider, file_layer, tmp_path):
    file_layer.selectByIds([2, 3])
    value = QgsProcessingFeatureSourceDefinition(file_layer.id(), selectedFeaturesOnly=True)
    copy = copied(provider, value, tmp_path)
    assert corners(copy) == [20, 40]
    assert copy.crs() == QgsCoordinateReferenceSystem("EPSG:32651")


def test_a_filtered_layer_is_copied_as_filtered(provider, file_layer, tmp_path):
    file_layer.setSubsetString("name = 'area 1'")
    assert corners(copied(provider, file_layer.id(), tmp_path)) == [20]


def test_edits_that_are_not_saved_yet_are_honoured(provider, file_layer, tmp_path):
    file_layer.startEditing()
    file_layer.deleteFeature(1)
    assert corners(copied(provider, file_layer.id(), tmp_path)) == [20, 40]
    file_layer.rollBack()


def test_a_crs_given_by_hand_goes_with_the_copy(provider, file_layer, tmp_path):
    file_layer.setCrs(QgsCoordinateReferenceSystem("EPSG:32652"))
    assert copied(provider, file_layer.id(), tmp_path).crs().authid() == "EPSG:32652"


def test_a_layer_in_memory_is_copied(provider, tmp_path):
    layer = QgsProject.instance().addMapLayer(polygon_layer(RECTANGLES), False)
    assert corners(copied(provider, layer.id(), tmp_path)) == [0, 20, 40]
    QgsProject.instance().removeMapLayer(layer)


@pytest.mark.parametrize("selected_only", [False, True])
def test_a_layer_removed_meanwhile_is_copied_all_the_same(provider, tmp_path, selected_only):
    layer = QgsProject.instance().addMapLayer(polygon_layer(RECTANGLES), False)
    layer.selectAll()
    value = QgsProcessingFeatureSourceDefinition(layer.id(), selectedFeaturesOnly=selected_only)
    polygons, _context = resolve(provider, value)
    QgsProject.instance().removeMapLayer(layer)
    del layer
    copy = QgsVectorLayer(polygons.materialise(tmp_path, RememberingFeedback()), "copy", "ogr")
    assert corners(copy) == [0, 20, 40]


def test_a_virtual_layer_is_copied(provider, file_layer, tmp_path):
    query = f"?query=SELECT * FROM '{file_layer.id()}' WHERE name <> 'area 0'"
    virtual = QgsProject.instance().addMapLayer(QgsVectorLayer(query, "virtual", "virtual"), False)
    assert corners(copied(provider, virtual.id(), tmp_path)) == [20, 40]
    QgsProject.instance().removeMapLayer(virtual)


def test_a_ring_that_crosses_itself_is_left_to_the_engine(provider, tmp_path):
    layer = polygon_layer(RECTANGLES[:1])
    feature = next(layer.getFeatures())
    bow_tie = type(feature.geometry()).fromWkt("POLYGON((0 0, 10 10, 10 0, 0 10, 0 0))")
    layer.dataProvider().changeGeometryValues({feature.id(): bow_tie})
    QgsProject.instance().addMapLayer(layer, False)
    assert copied(provider, layer.id(), tmp_path).featureCount() == 1
    QgsProject.instance().removeMapLayer(layer)


def test_an_empty_selection_is_refused(provider, file_layer):
    value = QgsProcessingFeatureSourceDefinition(file_layer.id(), selectedFeaturesOnly=True)
    with pytest.raises(QgsProcessingException, match="is nothing selected"):
        resolve(provider, value)


def test_the_verdict_of_a_review_goes_with_the_copy_and_nothing_else(provider, tmp_path):
    layer = polygon_layer(RECTANGLES[:2])
    layer.dataProvider().addAttributes([QgsField("status", QVariant.String)])
    layer.updateFields()
    layer.dataProvider().changeAttributeValues({1: {1: "accepted"}, 2: {1: "rejected"}})
    QgsProject.instance().addMapLayer(layer, False)
    copy = copied(provider, layer.id(), tmp_path)
    assert [field.name() for field in copy.fields()] == ["fid", "status"]
    assert [feature["status"] for feature in copy.getFeatures()] == ["accepted", "rejected"]
    QgsProject.instance().removeMapLayer(layer)


def test_a_layer_that_is_not_there_is_named(provider):
    with pytest.raises(QgsProcessingException, match=r"/nowhere/area\.gpkg"):
        resolve(provider, "/nowhere/area.gpkg")


def test_copying_leaves_the_layer_alone(provider, file_layer, tmp_path):
    file_layer.selectByIds([2])
    value = QgsProcessingFeatureSourceDefinition(file_layer.id(), selectedFeaturesOnly=True)
    copied(provider, value, tmp_path)
    assert file_layer.selectedFeatureIds() == [2]
    assert file_layer.featureCount() == 3
    assert not file_layer.isEditable()
