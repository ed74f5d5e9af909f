<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<!-- Landslide probability: transparent at zero, then yellow, orange, red, magenta. -->
<qgis version="3.22.0" styleCategories="Symbology">
  <pipe>
    <rasterrenderer type="singlebandpseudocolor" band="1" opacity="1" alphaBand="-1" classificationMin="0" classificationMax="1" nodataColor="">
      <minMaxOrigin>
        <limits>None</limits>
        <extent>WholeRaster</extent>
        <statAccuracy>Estimated</statAccuracy>
      </minMaxOrigin>
      <rastershader>
        <colorrampshader colorRampType="INTERPOLATED" classificationMode="2" clip="0" minimumValue="0" maximumValue="1" labelPrecision="2">
          <item value="0" label="0" color="#ffffb2" alpha="0"/>
          <item value="0.2" label="0.2" color="#fff07a" alpha="70"/>
          <item value="0.4" label="0.4" color="#fecc4c" alpha="150"/>
          <item value="0.6" label="0.6" color="#fd8d3c" alpha="200"/>
          <item value="0.8" label="0.8" color="#e31a1c" alpha="230"/>
          <item value="1" label="1" color="#b10a7e" alpha="245"/>
        </colorrampshader>
      </rastershader>
    </rasterrenderer>
    <brightnesscontrast brightness="0" contrast="0"/>
    <huesaturation saturation="0" grayscaleMode="0" colorizeOn="0"/>
    <rasterresampler maxOversampling="2" zoomedOutResampler="bilinear"/>
  </pipe>
  <blendMode>0</blendMode>
</qgis>
