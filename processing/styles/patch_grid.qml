<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<!-- Probability of each patch, in steps of a fifth: a cell is one patch, so nothing is smoothed between cells. -->
<qgis version="3.22.0" styleCategories="Symbology">
  <pipe>
    <rasterrenderer type="singlebandpseudocolor" band="1" opacity="1" alphaBand="-1" classificationMin="0" classificationMax="1" nodataColor="">
      <minMaxOrigin>
        <limits>None</limits>
        <extent>WholeRaster</extent>
        <statAccuracy>Estimated</statAccuracy>
      </minMaxOrigin>
      <rastershader>
        <colorrampshader colorRampType="DISCRETE" classificationMode="2" clip="0" minimumValue="0" maximumValue="1" labelPrecision="2">
          <item value="0.2" label="0 - 0.2" color="#ffffb2" alpha="0"/>
          <item value="0.4" label="0.2 - 0.4" color="#fecc4c" alpha="60"/>
          <item value="0.6" label="0.4 - 0.6" color="#fd8d3c" alpha="110"/>
          <item value="0.8" label="0.6 - 0.8" color="#e31a1c" alpha="140"/>
          <item value="inf" label="0.8 - 1" color="#b10a7e" alpha="160"/>
        </colorrampshader>
      </rastershader>
    </rasterrenderer>
    <brightnesscontrast brightness="0" contrast="0"/>
    <huesaturation saturation="0" grayscaleMode="0" colorizeOn="0"/>
    <rasterresampler maxOversampling="2"/>
  </pipe>
  <blendMode>0</blendMode>
</qgis>
