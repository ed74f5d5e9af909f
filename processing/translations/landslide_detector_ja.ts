<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ja" sourcelanguage="en">
 <context>
  <name>LandslideDetector</name>
  <message>
   <location filename="../../plugin.py" />
   <source>&amp;Review landslides…</source>
   <translation>地すべりの確認(&amp;R)…</translation>
  </message>
  <message>
   <location filename="../../plugin.py" />
   <source>Accept, reject and redraw what was detected</source>
   <translation>検出結果を採用・却下・描き直しする</translation>
  </message>
  <message>
   <location filename="../../plugin.py" />
   <source>&amp;Models…</source>
   <translation>モデル(&amp;M)…</translation>
  </message>
  <message>
   <location filename="../../plugin.py" />
   <source>The models on this machine, and those to be had</source>
   <translation>このコンピュータにあるモデルと、入手できるモデル</translation>
  </message>
  <message>
   <location filename="../../plugin.py" />
   <source>Set &amp;up engine…</source>
   <translation>エンジンのセットアップ(&amp;U)…</translation>
  </message>
  <message>
   <location filename="../../plugin.py" />
   <source>Install, repair or remove what the detectors run on</source>
   <translation>検出の実行環境(エンジン)をインストール・修復・削除する</translation>
  </message>
  <message>
   <location filename="../../plugin.py" />
   <source>&amp;Tutorial</source>
   <translation>チュートリアル(&amp;T)</translation>
  </message>
  <message>
   <location filename="../../plugin.py" />
   <source>From an empty QGIS to a reviewed landslide map, step by step</source>
   <translation>空のQGISから確認済みの地すべり地図まで、手順を追って説明します</translation>
  </message>
  <message>
   <location filename="../../processing/algorithm.py" />
   <source>The landslide engine gave {} results, not one.</source>
   <translation>地すべりエンジンから返された結果が1件ではなく{}件でした。</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/assessaccuracy.py" />
   <source>Assess accuracy</source>
   <translation>精度評価</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/assessaccuracy.py" />
   <source>Measures detected landslides against an inventory, and writes a report with maps of the errors.</source>
   <translation>検出した地すべりをインベントリと照合し、誤差地図付きのレポートを作成します。</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/assessaccuracy.py" />
   <source>Polygons against polygons: give the scene too, in whose pixels they are compared.</source>
   <translation>ポリゴン同士の照合では、比較するピクセルの基準となるシーンも指定してください。</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/assessaccuracy.py" />
   <source>{} holds no probability, so there is no threshold to set.</source>
   <translation>{}は確率ではないため、しきい値は設定できません。</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/assessaccuracy.py" />
   <source>Detected landslides</source>
   <translation>検出された地すべり</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/assessaccuracy.py" />
   <source>What a detection gave: its probability, its mask, or its polygons. A raster of fractions is taken for a probability, one of whole numbers for a mask.</source>
   <translation>検出の結果(確率、マスク、ポリゴンのいずれか)。小数のラスタは確率、整数のラスタはマスクとみなします。</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/assessaccuracy.py" />
   <source>Scene, for the maps</source>
   <translation>地図に使うシーン</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/assessaccuracy.py" />
   <source>The imagery: the report shows hits, misses and false alarms on it, and what a simple colour index would have found. Needed where both the detected and the known landslides are polygons.</source>
   <translation>画像: レポートでは、この上に正検出・見逃し・誤検出を示し、単純な色指標で検出できる地すべりとも比較します。検出結果と既知の地すべりがともにポリゴンの場合は必須です。</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/assessaccuracy.py" />
   <location filename="../../processing/detection_parameters.py" />
   <location filename="../../ui/dock/dock.py" />
   <location filename="../../ui/dock/threshold_page.py" />
   <location filename="../../ui/dock/threshold_panel.py" />
   <source>Threshold</source>
   <translation>しきい値</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/assessaccuracy.py" />
   <source>From which probability on something counts as landslide. If it is not set, that of the detection.</source>
   <translation>この確率以上を地すべりとみなします。未設定の場合は検出時の値を使います。</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/assessaccuracy.py" />
   <source>Extent to measure in</source>
   <translation>評価する範囲</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/assessaccuracy.py" />
   <source>Accuracy report</source>
   <translation>精度レポート</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/assessaccuracy.py" />
   <source>A web page that stands alone: figures by pixel and by landslide, curves, calibration, and maps of the errors.</source>
   <translation>単独で開けるWebページ: ピクセル単位・地すべり単位の指標、曲線、キャリブレーション、誤差地図を含みます。</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/assessaccuracy.py" />
   <location filename="../../processing/training_parameters.py" />
   <source>F1</source>
   <translation>F1</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/assessaccuracy.py" />
   <source>IoU of landslides</source>
   <translation>IoU(地すべり)</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/assessaccuracy.py" />
   <source>IoU of the background</source>
   <translation>IoU(背景)</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/assessaccuracy.py" />
   <source>Mean IoU</source>
   <translation>平均IoU</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/assessaccuracy.py" />
   <location filename="../../processing/training_parameters.py" />
   <location filename="../../ui/review/comparison.py" />
   <source>Precision</source>
   <translation>適合率</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/assessaccuracy.py" />
   <location filename="../../processing/training_parameters.py" />
   <location filename="../../ui/review/comparison.py" />
   <source>Recall</source>
   <translation>再現率</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/assessaccuracy.py" />
   <source>Accuracy</source>
   <translation>正解率</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/assessaccuracy.py" />
   <source>Specificity</source>
   <translation>特異度</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/assessaccuracy.py" />
   <source>Share of landslide-free ground taken for landslide</source>
   <translation>地すべりのない地面のうち誤検出の割合</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/assessaccuracy.py" />
   <source>True positives (pixels or patches)</source>
   <translation>真陽性(ピクセルまたはパッチ)</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/assessaccuracy.py" />
   <source>False positives (pixels or patches)</source>
   <translation>偽陽性(ピクセルまたはパッチ)</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/assessaccuracy.py" />
   <source>False negatives (pixels or patches)</source>
   <translation>偽陰性(ピクセルまたはパッチ)</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/assessaccuracy.py" />
   <source>True negatives (pixels or patches)</source>
   <translation>真陰性(ピクセルまたはパッチ)</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/assessaccuracy.py" />
   <source>AUROC (of a probability)</source>
   <translation>AUROC(確率の場合)</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/assessaccuracy.py" />
   <source>Average precision (of a probability)</source>
   <translation>平均適合率(確率の場合)</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/assessaccuracy.py" />
   <source>Expected calibration error (of a probability)</source>
   <translation>期待キャリブレーション誤差(確率の場合)</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/assessaccuracy.py" />
   <source>Brier score (of a probability)</source>
   <translation>ブライアスコア(確率の場合)</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/assessaccuracy.py" />
   <source>Threshold that was used</source>
   <translation>使用したしきい値</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/assessaccuracy.py" />
   <location filename="../../processing/training_parameters.py" />
   <source>Landslides known</source>
   <translation>既知の地すべり</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/assessaccuracy.py" />
   <source>Landslides found at IoU 0.1</source>
   <translation>検出できた地すべり(IoU 0.1)</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/assessaccuracy.py" />
   <source>Landslides missed at IoU 0.1</source>
   <translation>見逃した地すべり(IoU 0.1)</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/assessaccuracy.py" />
   <source>False alarms at IoU 0.1</source>
   <translation>誤検出(IoU 0.1)</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/assessaccuracy.py" />
   <source>Landslides found at IoU 0.3</source>
   <translation>検出できた地すべり(IoU 0.3)</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/assessaccuracy.py" />
   <source>Landslides missed at IoU 0.3</source>
   <translation>見逃した地すべり(IoU 0.3)</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/assessaccuracy.py" />
   <source>False alarms at IoU 0.3</source>
   <translation>誤検出(IoU 0.3)</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/assessaccuracy.py" />
   <source>Landslides found at IoU 0.5</source>
   <translation>検出できた地すべり(IoU 0.5)</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/assessaccuracy.py" />
   <source>Landslides missed at IoU 0.5</source>
   <translation>見逃した地すべり(IoU 0.5)</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/assessaccuracy.py" />
   <source>False alarms at IoU 0.5</source>
   <translation>誤検出(IoU 0.5)</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/assessaccuracy.py" />
   <source>F1 of the colour index</source>
   <translation>色指標のF1</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/assessaccuracy.py" />
   <source>IoU of landslides of the colour index</source>
   <translation>色指標のIoU(地すべり)</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/assessaccuracy.py" />
   <source>Mean IoU of the colour index</source>
   <translation>色指標の平均IoU</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/assessaccuracy.py" />
   <source>Precision of the colour index</source>
   <translation>色指標の適合率</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/assessaccuracy.py" />
   <source>Recall of the colour index</source>
   <translation>色指標の再現率</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/assessaccuracy.py" />
   <source>Share of landslide-free ground that the colour index takes for landslide</source>
   <translation>地すべりのない地面のうち色指標による誤検出の割合</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/assessaccuracy.py" />
   <source>AUROC of the colour index</source>
   <translation>色指標のAUROC</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/checkenvironment.py" />
   <source>Check environment</source>
   <translation>環境の確認</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/checkenvironment.py" />
   <source>Shows what is installed, and which device the detectors will use and why.</source>
   <translation>インストールされているものと、検出に使われるデバイスおよびその理由を表示します。</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/checkenvironment.py" />
   <location filename="../../processing/algorithms/createsamplescene.py" />
   <source>Tools</source>
   <translation>ツール</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/checkenvironment.py" />
   <source>landslide,engine,device,gpu,cpu,install,version,support</source>
   <translation>地すべり,エンジン,デバイス,インストール,バージョン,サポート,landslide,engine,device,gpu,cpu</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/checkenvironment.py" />
   <source>Report</source>
   <translation>レポート</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/checkenvironment.py" />
   <source>An HTML file for the same text, if you want one.</source>
   <translation>同じ内容を保存するHTMLファイル(必要な場合)。</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/checkenvironment.py" />
   <source>Environment</source>
   <translation>環境</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/checkenvironment.py" />
   <source>Device that will be used</source>
   <translation>使用されるデバイス</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/checkenvironment.py" />
   <source>Precision that will be used</source>
   <translation>使用される演算精度</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/checkenvironment.py" />
   <source>The landslide engine did not describe its environment, but said: {}</source>
   <translation>地すべりエンジンは環境情報を返さず、次のように応答しました: {}</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/comparedetectors.py" />
   <source>Compare detectors</source>
   <translation>検出器の比較</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/comparedetectors.py" />
   <source>Runs the three detectors on a scene and measures them against one inventory, side by side.</source>
   <translation>1つのシーンで3つの検出器を実行し、同じインベントリに対する精度を並べて示します。</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/comparedetectors.py" />
   <location filename="../../processing/detection_parameters.py" />
   <source>Extent to search</source>
   <translation>検出する範囲</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/comparedetectors.py" />
   <source>Comparison report</source>
   <translation>比較レポート</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/comparedetectors.py" />
   <source>A web page that stands alone: the tables of the paper for this scene, curves, and maps of errors.</source>
   <translation>単独で開けるWebページ: このシーンについての論文と同じ表、曲線、誤差地図を含みます。</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/comparedetectors.py" />
   <source>Comparison table</source>
   <translation>比較表</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/comparedetectors.py" />
   <source>A row for each detector and figure, with what the colour index, which it has to beat, comes to, and the model.</source>
   <translation>検出器と指標ごとに1行。検出器が上回るべき基準である色指標の値と、使用したモデルも示します。</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/comparedetectors.py" />
   <source>Folder for what the detectors find</source>
   <translation>検出結果のフォルダ</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/comparedetectors.py" />
   <source>Keeps the probabilities, masks and polygons of all detectors, if you want them.</source>
   <translation>すべての検出器の確率・マスク・ポリゴンを保存します(必要な場合)。</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/comparedetectors.py" />
   <source>Model of patches (auto: by the scene's resolution)</source>
   <translation>パッチのモデル(auto: シーンの解像度から選択)</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/comparedetectors.py" />
   <source>Model of segmentation (auto: by the scene's resolution)</source>
   <translation>セグメンテーションのモデル(auto: シーンの解像度から選択)</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/comparedetectors.py" />
   <source>Model of anomalies (auto: by the scene's resolution)</source>
   <translation>異常検知のモデル(auto: シーンの解像度から選択)</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/comparedetectors.py" />
   <source>Accuracy of patches</source>
   <translation>正解率(パッチ)</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/comparedetectors.py" />
   <source>F1 of patches</source>
   <translation>F1(パッチ)</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/comparedetectors.py" />
   <source>Precision of patches</source>
   <translation>適合率(パッチ)</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/comparedetectors.py" />
   <source>Recall of patches</source>
   <translation>再現率(パッチ)</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/comparedetectors.py" />
   <source>Mean IoU of segmentation</source>
   <translation>平均IoU(セグメンテーション)</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/comparedetectors.py" />
   <source>Mean IoU of anomalies</source>
   <translation>平均IoU(異常検知)</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/comparedetectors.py" />
   <source>Share of landslide-free ground that patches take for landslide</source>
   <translation>地すべりのない地面のうち誤検出の割合(パッチ)</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/comparedetectors.py" />
   <source>Share of landslide-free ground that segmentation takes for landslide</source>
   <translation>地すべりのない地面のうち誤検出の割合(セグメンテーション)</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/comparedetectors.py" />
   <source>Share of landslide-free ground that anomalies take for landslide</source>
   <translation>地すべりのない地面のうち誤検出の割合(異常検知)</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/createsamplescene.py" />
   <source>Create sample scene (synthetic)</source>
   <translation>サンプルシーンの作成(合成)</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/createsamplescene.py" />
   <location filename="../../ui/dock/scene_panel.py" />
   <source>Makes a synthetic scene with known landslides, to try the detectors on.</source>
   <translation>検出器を試すために、地すべりの位置が分かっている合成シーンを作成します。</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/createsamplescene.py" />
   <source>landslide,sample,synthetic,example,tutorial,demo,test data</source>
   <translation>地すべり,サンプル,合成,例,チュートリアル,デモ,テストデータ,landslide,sample,synthetic</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/createsamplescene.py" />
   <source>Side of the scene (pixels)</source>
   <translation>シーンの一辺(ピクセル)</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/createsamplescene.py" />
   <source>Width and height.</source>
   <translation>幅と高さ。</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/createsamplescene.py" />
   <source>Seed; another one gives another scene</source>
   <translation>乱数シード(変えると別のシーンになります)</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/createsamplescene.py" />
   <source>The same seed gives the same scene.</source>
   <translation>同じシードからは同じシーンができます。</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/createsamplescene.py" />
   <source>Synthetic scene</source>
   <translation>合成シーン</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/createsamplescene.py" />
   <source>GeoTIFF with red, green and blue.</source>
   <translation>赤・緑・青のGeoTIFF。</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/createsamplescene.py" />
   <source>Ground truth of the synthetic scene</source>
   <translation>合成シーンの正解データ</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/createsamplescene.py" />
   <source>GeoTIFF, 1 where a landslide was put, else 0.</source>
   <translation>GeoTIFF。地すべりを配置した場所は1、それ以外は0。</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/createsamplescene.py" />
   <source>Sample scene (synthetic)</source>
   <translation>サンプルシーン(合成)</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/createsamplescene.py" />
   <location filename="../../ui/setup/trial.py" />
   <source>sample scene (synthetic)</source>
   <translation>サンプルシーン(合成)</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/createsamplescene.py" />
   <source>sample scene (synthetic): ground truth</source>
   <translation>サンプルシーン(合成): 正解データ</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/detectanomalies.py" />
   <source>Detect anomalies</source>
   <translation>異常検知</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/detectanomalies.py" />
   <source>Marks what in a scene does not look like normal terrain (U-Net trained without labels).</source>
   <translation>シーンの中で通常の地表と異なる場所を示します(ラベルなしで学習したU-Net)。</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/detectanomalies.py" />
   <source>anomaly,unsupervised,unlabelled,autoencoder,unet,denoising</source>
   <translation>異常検知,教師なし,ラベルなし,オートエンコーダ,ノイズ除去,anomaly,unsupervised,unet</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/detectpatches.py" />
   <source>Detect landslide patches</source>
   <translation>地すべりパッチの検出</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/detectpatches.py" />
   <source>Says for each patch of a scene how likely it holds a landslide (ResNet50).</source>
   <translation>シーンをパッチに分け、地すべりを含む可能性をパッチごとに示します(ResNet50)。</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/detectpatches.py" />
   <source>patch,classification,classify,resnet,grid</source>
   <translation>パッチ,分類,グリッド,patch,classification,resnet</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/segmentlandslides.py" />
   <source>Segment landslides</source>
   <translation>地すべりのセグメンテーション</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/segmentlandslides.py" />
   <source>Outlines the landslides of a scene pixel by pixel (DeepLabv3+).</source>
   <translation>シーンの地すべりの輪郭をピクセル単位で抽出します(DeepLabv3+)。</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/segmentlandslides.py" />
   <source>segmentation,semantic,deeplab,outline,pixel,inventory</source>
   <translation>セグメンテーション,輪郭,ピクセル,インベントリ,segmentation,semantic,deeplab</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/trainanomalydetector.py" />
   <source>Train anomaly detector</source>
   <translation>異常検知モデルの学習</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/trainanomalydetector.py" />
   <source>Shows the anomaly detector (U-Net) what normal ground looks like in your own scenes; no labels.</source>
   <translation>お使いのシーンの通常の地表を異常検知器(U-Net)に学習させます。ラベルは不要です。</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/trainanomalydetector.py" />
   <source>anomaly,unsupervised,unlabelled,adapt,unet,denoising</source>
   <translation>異常検知,教師なし,ラベルなし,適応,ノイズ除去,anomaly,unsupervised,unet</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/trainpatchclassifier.py" />
   <source>Train patch classifier</source>
   <translation>パッチ分類モデルの学習</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/trainpatchclassifier.py" />
   <source>Teaches the patch detector (ResNet50) the landslides of your own scenes.</source>
   <translation>お使いのシーンの地すべりをパッチ検出器(ResNet50)に学習させます。</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/trainpatchclassifier.py" />
   <source>patch,classification,resnet</source>
   <translation>パッチ,分類,patch,classification,resnet</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/trainsegmentation.py" />
   <source>Train segmentation</source>
   <translation>セグメンテーションモデルの学習</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/trainsegmentation.py" />
   <source>Teaches the segmentation detector (DeepLabv3+) the landslides of your own scenes.</source>
   <translation>お使いのシーンの地すべりをセグメンテーション検出器(DeepLabv3+)に学習させます。</translation>
  </message>
  <message>
   <location filename="../../processing/algorithms/trainsegmentation.py" />
   <source>segmentation,semantic,deeplab,pixel,inventory</source>
   <translation>セグメンテーション,ピクセル,インベントリ,segmentation,semantic,deeplab</translation>
  </message>
  <message>
   <location filename="../../processing/cards.py" />
   <source>{path} is not a model card: {error!r}</source>
   <translation>{path}はモデルカードではありません: {error!r}</translation>
  </message>
  <message>
   <location filename="../../processing/catalogue.py" />
   <source>{path} is not a catalogue of models: {error!r}</source>
   <translation>{path}はモデルのカタログではありません: {error!r}</translation>
  </message>
  <message>
   <location filename="../../processing/destinations.py" />
   <source>{}: rasters are written as GeoTIFF, name the file .tif</source>
   <translation>{}: ラスタはGeoTIFFで書き出されます。ファイル名の末尾を.tifにしてください</translation>
  </message>
  <message>
   <location filename="../../processing/destinations.py" />
   <location filename="../../ui/dock/detect_page.py" />
   <source>There is no folder {}.</source>
   <translation>フォルダ{}がありません。</translation>
  </message>
  <message>
   <location filename="../../processing/destinations.py" />
   <location filename="../../ui/review/candidate.py" />
   <location filename="../../ui/review/evidence.py" />
   <source>{}: cannot be written: {}</source>
   <translation>{}: 書き込めません: {}</translation>
  </message>
  <message>
   <location filename="../../processing/detection.py" />
   <location filename="../../ui/options/page.py" />
   <source>Detection</source>
   <translation>検出</translation>
  </message>
  <message>
   <location filename="../../processing/detection.py" />
   <source>landslide,detection,deep learning,neural network,disaster,earthquake,imagery</source>
   <translation>地すべり,土砂崩れ,斜面崩壊,検出,深層学習,ニューラルネットワーク,災害,地震,豪雨,衛星画像,landslide,detection</translation>
  </message>
  <message>
   <location filename="../../processing/detection.py" />
   <source>int8 needs the CPU and a model with an int8 copy: the best precision is used instead.</source>
   <translation>int8にはCPUと、int8版を持つモデルが必要です。代わりに最適な精度で計算します。</translation>
  </message>
  <message>
   <location filename="../../processing/detection.py" />
   <source>{scene}: {detector}</source>
   <translation>{scene}: {detector}</translation>
  </message>
  <message>
   <location filename="../../processing/detection.py" />
   <source>{}: landslide probability</source>
   <translation>{}: 地すべり確率</translation>
  </message>
  <message>
   <location filename="../../processing/detection.py" />
   <source>{}: landslide mask</source>
   <translation>{}: 地すべりマスク</translation>
  </message>
  <message>
   <location filename="../../processing/detection.py" />
   <source>{}: landslides</source>
   <translation>{}: 地すべり</translation>
  </message>
  <message>
   <location filename="../../processing/detection_parameters.py" />
   <source>Bands, in the model's order</source>
   <translation>バンド(モデルの順)</translation>
  </message>
  <message>
   <location filename="../../processing/detection_parameters.py" />
   <source>Which bands to use, in the order the model wants them (the shipped models: red, green, blue). If none is chosen, red, green and blue by the colour interpretation of the raster, else the first ones.</source>
   <translation>使用するバンドを、モデルが求める順(付属モデルは赤・緑・青)に選びます。未選択の場合は、ラスタの色解釈による赤・緑・青、それもなければ先頭のバンドを使います。</translation>
  </message>
  <message>
   <location filename="../../processing/detection_parameters.py" />
   <source>Screen first: segment only where a coarse look is suspicious</source>
   <translation>スクリーニング: 粗く見て疑わしい場所だけをセグメンテーション</translation>
  </message>
  <message>
   <location filename="../../processing/detection_parameters.py" />
   <source>For large scenes with few landslides, 2 to 3 times as fast: everything is looked at with a quarter of the resolution (beyond 0.9 m a pixel with up to half), and only where that looks suspicious with the full one. A landslide the first look misses stays unfound: small ones on their own, and ground that has slid almost whole. A scene coarser than 1.8 m a pixel, or without georeference, is segmented whole.</source>
   <translation>地すべりの少ない大きなシーン向けで、2～3倍速くなります: 全体を4分の1の解像度(1ピクセル0.9 mより粗い場合は最大で2分の1)で調べ、疑わしい場所だけを元の解像度で調べます。最初の段階で見逃した地すべりは検出されません。単独の小さな地すべりや、ほぼ全面が崩れた場所がこれにあたります。1ピクセル1.8 mより粗いシーンや位置情報のないシーンは、全体をセグメンテーションします。</translation>
  </message>
  <message>
   <location filename="../../processing/detection_parameters.py" />
   <source>&lt;i&gt;auto&lt;/i&gt; takes, by the scene's ground resolution, the one of this detector's models that fits it best, and the log says which; the list has the shipped models and your own. In a script or in &lt;i&gt;qgis_process&lt;/i&gt; the folder of a model will do as well.</source>
   <translation>&lt;i&gt;auto&lt;/i&gt;は、この検出器のモデルのうちシーンの地上解像度に最も合うものを選び、その名前をログに示します。一覧には付属モデルと自作モデルがあります。スクリプトや&lt;i&gt;qgis_process&lt;/i&gt;では、モデルのフォルダも指定できます。</translation>
  </message>
  <message>
   <location filename="../../processing/detection_parameters.py" />
   <source>Model (auto: by the scene's resolution)</source>
   <translation>モデル(auto: シーンの解像度から選択)</translation>
  </message>
  <message>
   <location filename="../../processing/detection_parameters.py" />
   <source>From which probability on something counts as landslide. If it is not set, the one that was best on the model's validation data. A lower one finds more and raises more false alarms; the probability raster shows what a change would bring.</source>
   <translation>この確率以上を地すべりとみなします。未設定の場合は、モデルの検証データで最良だった値を使います。下げると検出は増えますが、誤検出も増えます。変更の影響は確率ラスタで確認できます。</translation>
  </message>
  <message>
   <location filename="../../processing/detection_parameters.py" />
   <source>Overlap of tiles (pixels)</source>
   <translation>タイルの重なり(ピクセル)</translation>
  </message>
  <message>
   <location filename="../../processing/detection_parameters.py" />
   <source>By how much neighbouring tiles overlap, so that no seams show. The model knows best.</source>
   <translation>継ぎ目が出ないように、隣り合うタイルを重ねる幅。通常はモデルの既定値が最適です。</translation>
  </message>
  <message>
   <location filename="../../processing/detection_parameters.py" />
   <source>Smallest landslide (m²)</source>
   <translation>地すべりの最小面積(m²)</translation>
  </message>
  <message>
   <location filename="../../processing/detection_parameters.py" />
   <source>Smaller ones become no polygons. If it is not set, those under 4 pixels (of patches, none); 0 keeps all.</source>
   <translation>これより小さいものはポリゴンにしません。未設定の場合は4ピクセル未満を除きます(パッチでは除きません)。0ならすべて残します。</translation>
  </message>
  <message>
   <location filename="../../processing/detection_parameters.py" />
   <source>Tile size (pixels, in steps of 32)</source>
   <translation>タイルサイズ(ピクセル、32の倍数)</translation>
  </message>
  <message>
   <location filename="../../processing/detection_parameters.py" />
   <source>Side of the pieces the scene is cut into for the network. The model knows best.</source>
   <translation>ネットワークに渡すためにシーンを分割する、タイルの一辺。通常はモデルの既定値が最適です。</translation>
  </message>
  <message>
   <location filename="../../processing/detection_parameters.py" />
   <source>Batch size (tiles)</source>
   <translation>バッチサイズ(タイル数)</translation>
  </message>
  <message>
   <location filename="../../processing/detection_parameters.py" />
   <source>How many tiles are computed together; fewer need less memory.</source>
   <translation>同時に計算するタイルの数。少ないほどメモリの使用量が減ります。</translation>
  </message>
  <message>
   <location filename="../../processing/detection_parameters.py" />
   <location filename="../../ui/options/page.py" />
   <source>Arithmetic precision</source>
   <translation>演算精度</translation>
  </message>
  <message>
   <location filename="../../processing/detection_parameters.py" />
   <source>&lt;i&gt;auto&lt;/i&gt; takes the fastest that does not change the result noticeably on this machine; &lt;i&gt;fp32&lt;/i&gt; is exact and slow; &lt;i&gt;int8&lt;/i&gt; is the fastest on a CPU and a little less exact. It needs a model with an int8 copy, of those shipped the anomaly detector's; any other is computed as by &lt;i&gt;auto&lt;/i&gt;.</source>
   <translation>&lt;i&gt;auto&lt;/i&gt;は、このコンピュータで結果が目立って変わらない範囲で最も速いものを選びます。&lt;i&gt;fp32&lt;/i&gt;は正確ですが低速です。&lt;i&gt;int8&lt;/i&gt;はCPUで最速ですが、わずかに正確さが下がります。int8版を持つモデルが必要で、付属のモデルでは異常検知器だけにあります。その他のモデルは&lt;i&gt;auto&lt;/i&gt;と同じように計算されます。</translation>
  </message>
  <message>
   <location filename="../../processing/detection_parameters.py" />
   <location filename="../../ui/dock/polygons.py" />
   <source>Landslide probability</source>
   <translation>地すべり確率</translation>
  </message>
  <message>
   <location filename="../../processing/detection_parameters.py" />
   <source>GeoTIFF with one band from 0 to 1; NaN where the scene has no data. Of the patch classifier, one pixel is one step of the patches.</source>
   <translation>0から1の1バンドのGeoTIFF。シーンにデータがない場所はNaN。パッチ分類器では、1ピクセルがパッチの1ステップにあたります。</translation>
  </message>
  <message>
   <location filename="../../processing/detection_parameters.py" />
   <source>Landslide mask</source>
   <translation>地すべりマスク</translation>
  </message>
  <message>
   <location filename="../../processing/detection_parameters.py" />
   <source>GeoTIFF, 1 where the probability reaches the threshold, else 0; 255 where the scene has no data.</source>
   <translation>GeoTIFF。確率がしきい値以上の場所は1、それ以外は0、シーンにデータがない場所は255。</translation>
  </message>
  <message>
   <location filename="../../processing/detection_parameters.py" />
   <location filename="../../ui/dock/polygons.py" />
   <source>Landslide polygons</source>
   <translation>地すべりポリゴン</translation>
  </message>
  <message>
   <location filename="../../processing/detection_parameters.py" />
   <source>The landslides of the mask, as outlines. Written as GeoPackage, or in any other format QGIS writes.</source>
   <translation>マスクの地すべりの輪郭。GeoPackage、またはQGISが書き出せるその他の形式で保存します。</translation>
  </message>
  <message>
   <location filename="../../processing/detection_parameters.py" />
   <source>Area detected (m²; none without georeference)</source>
   <translation>検出面積(m²、位置情報がなければ空)</translation>
  </message>
  <message>
   <location filename="../../processing/detection_parameters.py" />
   <source>Share of the scene's valid pixels (0 to 1)</source>
   <translation>シーンの有効ピクセルに占める割合(0〜1)</translation>
  </message>
  <message>
   <location filename="../../processing/detection_parameters.py" />
   <source>Number of landslides</source>
   <translation>地すべりの数</translation>
  </message>
  <message>
   <location filename="../../processing/engine/events.py" />
   <source>{percent:.0f} % done, about {time} left</source>
   <translation>{percent:.0f} %完了、残り約{time}</translation>
  </message>
  <message>
   <location filename="../../processing/engine/events.py" />
   <source>Epoch {epoch}, step {step}: {name} {value:.3f} on validation data, best so far {best:.3f}</source>
   <translation>エポック{epoch}、ステップ{step}: 検証データの{name}は{value:.3f}、これまでの最良は{best:.3f}</translation>
  </message>
  <message>
   <location filename="../../processing/engine/events.py" />
   <location filename="../../ui/dock/meter.py" />
   <source>{hours} h {minutes} min</source>
   <translation>{hours}時間{minutes}分</translation>
  </message>
  <message>
   <location filename="../../processing/engine/events.py" />
   <location filename="../../ui/dock/meter.py" />
   <source>{minutes} min {seconds} s</source>
   <translation>{minutes}分{seconds}秒</translation>
  </message>
  <message>
   <location filename="../../processing/engine/find.py" />
   <source>the environment variable {}</source>
   <translation>環境変数{}</translation>
  </message>
  <message>
   <location filename="../../processing/engine/find.py" />
   <source>the setting {}</source>
   <translation>設定{}</translation>
  </message>
  <message>
   <location filename="../../processing/engine/find.py" />
   <source>The landslide engine is not at {path}, where {origin} says it is. {advice}</source>
   <translation>{origin}で指定された{path}に地すべりエンジンがありません。{advice}</translation>
  </message>
  <message>
   <location filename="../../processing/engine/find.py" />
   <source>the environment beside the plugin</source>
   <translation>プラグインと同じ場所の環境</translation>
  </message>
  <message>
   <location filename="../../processing/engine/find.py" />
   <source>the environment in the QGIS profile</source>
   <translation>QGISプロファイル内の環境</translation>
  </message>
  <message>
   <location filename="../../processing/engine/find.py" />
   <source>the PATH</source>
   <translation>PATH</translation>
  </message>
  <message>
   <location filename="../../processing/engine/find.py" />
   <source>The set-up of the landslide engine is not finished. {}</source>
   <translation>地すべりエンジンのセットアップが完了していません。{}</translation>
  </message>
  <message>
   <location filename="../../processing/engine/find.py" />
   <source>The landslide engine is not installed. {}</source>
   <translation>地すべりエンジンがインストールされていません。{}</translation>
  </message>
  <message>
   <location filename="../../processing/engine/find.py" />
   <source>Set it up in QGIS: Raster &gt; Landslide Detector &gt; Set up engine. Without a window: run 'make setup' in a checkout of the plugin, or 'pip install' it into a Python environment of its own, and name its program 'landslides' in the setting {setting} or the environment variable {variable}.</source>
   <translation>QGISの「ラスタ &gt; 地すべり検出 &gt; エンジンのセットアップ」でセットアップしてください。画面のない環境では、プラグインのチェックアウトで'make setup'を実行するか、専用のPython環境に'pip install'でインストールし、そのプログラム'landslides'を設定{setting}または環境変数{variable}で指定してください。</translation>
  </message>
  <message>
   <location filename="../../processing/engine/install/failure.py" />
   <source>The disk is full: there was no room left in {}.</source>
   <translation>ディスクがいっぱいです: {}に空きがありません。</translation>
  </message>
  <message>
   <location filename="../../processing/engine/install/failure.py" />
   <source>The proxy {} asks for a user name and a password; see QGIS's network options.</source>
   <translation>プロキシ{}がユーザー名とパスワードを求めています。QGISのネットワークオプションを確認してください。</translation>
  </message>
  <message>
   <location filename="../../processing/engine/install/failure.py" />
   <source>The proxy {} does not answer or refuses; see QGIS's network options.</source>
   <translation>プロキシ{}が応答しないか、接続を拒否しています。QGISのネットワークオプションを確認してください。</translation>
  </message>
  <message>
   <location filename="../../processing/engine/install/failure.py" />
   <source>{} shows a certificate that is not trusted. Where a proxy puts in its own, name it by PIP_CERT.</source>
   <translation>{}の証明書は信頼されていません。プロキシが独自の証明書を使う場合は、PIP_CERTで指定してください。</translation>
  </message>
  <message>
   <location filename="../../processing/engine/install/failure.py" />
   <source>{} refuses access; check the address, user name and password.</source>
   <translation>{}がアクセスを拒否しました。アドレス、ユーザー名、パスワードを確認してください。</translation>
  </message>
  <message>
   <location filename="../../processing/engine/install/failure.py" />
   <source>No connection to {}. Check the network, the proxy and the address.</source>
   <translation>{}に接続できません。ネットワーク、プロキシ、アドレスを確認してください。</translation>
  </message>
  <message>
   <location filename="../../processing/engine/install/failure.py" />
   <source>{origin} has no {package} that fits this Python and system.</source>
   <translation>{origin}には、このPythonとシステムに合う{package}がありません。</translation>
  </message>
  <message>
   <location filename="../../processing/engine/install/failure.py" />
   <source>A library of the engine cannot be loaded. Install Microsoft's Visual C++ Redistributable (x64), then repair.</source>
   <translation>エンジンのライブラリを読み込めません。MicrosoftのVisual C++再頒布可能パッケージ(x64)をインストールしてから、修復してください。</translation>
  </message>
  <message>
   <location filename="../../processing/engine/install/failure.py" />
   <source>A file of the engine in {} is in use or protected. End what runs, then try again.</source>
   <translation>{}にあるエンジンのファイルが使用中または保護されています。実行中の処理を終了してから、もう一度お試しください。</translation>
  </message>
  <message>
   <location filename="../../processing/engine/install/failure.py" />
   <location filename="../../ui/setup/task.py" />
   <source>The set-up failed: {}</source>
   <translation>セットアップに失敗しました: {}</translation>
  </message>
  <message>
   <location filename="../../processing/engine/install/failure.py" />
   <location filename="../../ui/setup/trial.py" />
   <source>no reason was given</source>
   <translation>理由は示されませんでした</translation>
  </message>
  <message>
   <location filename="../../processing/engine/install/folder.py" />
   <source>The engine in {} is being set up already, perhaps by another QGIS.</source>
   <translation>{}のエンジンはすでにセットアップ中です。別のQGISが実行している可能性があります。</translation>
  </message>
  <message>
   <location filename="../../processing/engine/install/process.py" />
   <source>no end after {} seconds</source>
   <translation>{}秒たっても終わりません</translation>
  </message>
  <message>
   <location filename="../../processing/engine/install/process.py" />
   <source>{program} could not be started: {reason}</source>
   <translation>{program}を起動できません: {reason}</translation>
  </message>
  <message>
   <location filename="../../processing/engine/install/python.py" />
   <source>{path}, named as the Python to use, is not a working Python {version} or newer with venv.</source>
   <translation>使用するPythonとして指定された{path}は、venvの使えるPython {version}以降ではありません。</translation>
  </message>
  <message>
   <location filename="../../processing/engine/install/python.py" />
   <source>No working Python {version} or newer with venv was found on this machine.</source>
   <translation>venvの使えるPython {version}以降がこのコンピュータに見つかりません。</translation>
  </message>
  <message>
   <location filename="../../processing/engine/install/python.py" />
   <source>Too old: {}.</source>
   <translation>バージョンが古すぎます: {}。</translation>
  </message>
  <message>
   <location filename="../../processing/engine/install/python.py" />
   <source>Install the packages python3 and python3-venv, or uv, or name one in the options.</source>
   <translation>パッケージpython3とpython3-venv、またはuvをインストールするか、オプションで指定してください。</translation>
  </message>
  <message>
   <location filename="../../processing/engine/install/python.py" />
   <source>Install one from python.org, or uv, or name one in the options.</source>
   <translation>python.orgのPythonまたはuvをインストールするか、オプションで指定してください。</translation>
  </message>
  <message>
   <location filename="../../processing/engine/install/room.py" />
   <source>Not enough room on the disk: {folder} has {free} MB free, the set-up needs {needed} MB.</source>
   <translation>ディスクの空き容量が不足しています: {folder}の空きは{free} MB、セットアップに必要なのは{needed} MBです。</translation>
  </message>
  <message>
   <location filename="../../processing/engine/install/setup.py" />
   <source>The plugin is incomplete, install it again: {}</source>
   <translation>プラグインのファイルが不足しています。再インストールしてください: {}</translation>
  </message>
  <message>
   <location filename="../../processing/engine/install/setup.py" />
   <source>The engine is ready.</source>
   <translation>エンジンの準備ができました。</translation>
  </message>
  <message>
   <location filename="../../processing/engine/install/setup.py" />
   <source>The weights of {} are missing: fetch or import them with Models….</source>
   <translation>{} の重みがありません。「モデル…」から取得またはインポートしてください。</translation>
  </message>
  <message>
   <location filename="../../processing/engine/install/setup.py" />
   <source>There are no wheels in the folder {}.</source>
   <translation>フォルダ{}にwheelファイルがありません。</translation>
  </message>
  <message>
   <location filename="../../processing/engine/install/setup.py" />
   <source>Looking for Python {} or newer</source>
   <translation>Python {}以降を探しています</translation>
  </message>
  <message>
   <location filename="../../processing/engine/install/setup.py" />
   <source>Making an environment with {}</source>
   <translation>{}で環境を作成しています</translation>
  </message>
  <message>
   <location filename="../../processing/engine/install/setup.py" />
   <source>The engine's Python does not answer ({}). Try again later, or repair the engine.</source>
   <translation>エンジンのPythonが応答しません({})。しばらくしてからもう一度試すか、エンジンを修復してください。</translation>
  </message>
  <message>
   <location filename="../../processing/engine/install/setup.py" />
   <source>Installing uv, which fetches a Python</source>
   <translation>Pythonを取得するuvをインストールしています</translation>
  </message>
  <message>
   <location filename="../../processing/engine/install/setup.py" />
   <source>Asking {} for packages</source>
   <translation>{}にパッケージを問い合わせています</translation>
  </message>
  <message>
   <location filename="../../processing/engine/install/setup.py" />
   <source>Checking the engine</source>
   <translation>エンジンを確認しています</translation>
  </message>
  <message>
   <location filename="../../processing/engine/install/setup.py" />
   <source>The engine was installed, but does not describe itself.</source>
   <translation>エンジンはインストールされましたが、環境情報を返しません。</translation>
  </message>
  <message>
   <location filename="../../processing/engine/install/setup.py" />
   <source>Fetching the model {}</source>
   <translation>モデル{}を取得しています</translation>
  </message>
  <message>
   <location filename="../../processing/engine/install/sources.py" />
   <source>the folder {}</source>
   <translation>フォルダ{}</translation>
  </message>
  <message>
   <location filename="../../processing/engine/install/sources.py" />
   <source>the package index</source>
   <translation>パッケージインデックス</translation>
  </message>
  <message>
   <location filename="../../processing/engine/install/watch.py" />
   <source>Installing {} packages</source>
   <translation>{}個のパッケージをインストールしています</translation>
  </message>
  <message>
   <location filename="../../processing/engine/install/watch.py" />
   <source>Downloading {package}: {done} of about {all} MB</source>
   <translation>{package}をダウンロードしています: 約{all} MBのうち{done} MB</translation>
  </message>
  <message>
   <location filename="../../processing/engine/packages.py" />
   <source>Training needs PyTorch, which the landslide engine {program} does not have. Add it in QGIS: Raster &gt; Landslide Detector &gt; Set up engine…, With PyTorch. Or in a terminal: {command}</source>
   <translation>学習にはPyTorchが必要ですが、地すべりエンジン{program}には含まれていません。QGISの「ラスタ &gt; 地すべり検出 &gt; エンジンのセットアップ…」で「PyTorchを含める」を選んで追加するか、端末で次を実行してください: {command}</translation>
  </message>
  <message>
   <location filename="../../processing/engine/run.py" />
   <source>Command of the engine ({}):</source>
   <translation>エンジンのコマンド({}):</translation>
  </message>
  <message>
   <location filename="../../processing/engine/run.py" />
   <source>Cancelled; the engine has ended.</source>
   <translation>キャンセルしました。エンジンは終了しています。</translation>
  </message>
  <message>
   <location filename="../../processing/engine/run.py" />
   <source>The landslide engine {program} could not be started: {reason}</source>
   <translation>地すべりエンジン{program}を起動できません: {reason}</translation>
  </message>
  <message>
   <location filename="../../processing/engine/run.py" />
   <source>The landslide engine was cancelled from outside QGIS.</source>
   <translation>地すべりエンジンがQGISの外部からキャンセルされました。</translation>
  </message>
  <message>
   <location filename="../../processing/engine/run.py" />
   <source>The landslide engine crashed or was killed (code {}).</source>
   <translation>地すべりエンジンが異常終了したか、強制終了されました(コード{})。</translation>
  </message>
  <message>
   <location filename="../../processing/engine/run.py" />
   <source>The landslide engine failed with exit code {}.</source>
   <translation>地すべりエンジンが終了コード{}で失敗しました。</translation>
  </message>
  <message>
   <location filename="../../processing/engine/run.py" />
   <source>Its last words:</source>
   <translation>最後の出力:</translation>
  </message>
  <message>
   <location filename="../../processing/evaluation.py" />
   <source>Evaluation</source>
   <translation>評価</translation>
  </message>
  <message>
   <location filename="../../processing/evaluation.py" />
   <source>landslide,accuracy,evaluation,validation,inventory,ground truth,precision,recall,F1,IoU</source>
   <translation>地すべり,精度,評価,検証,インベントリ,正解データ,適合率,再現率,landslide,accuracy,precision,recall,F1,IoU</translation>
  </message>
  <message>
   <location filename="../../processing/evaluation.py" />
   <source>{}: the report is a web page, name it .html</source>
   <translation>{}: レポートはWebページです。ファイル名の末尾を.htmlにしてください</translation>
  </message>
  <message>
   <location filename="../../processing/help_pages.py" />
   <source>Values</source>
   <translation>値</translation>
  </message>
  <message>
   <location filename="../../processing/help_pages.py" />
   <source>Parameters</source>
   <translation>パラメータ</translation>
  </message>
  <message>
   <location filename="../../processing/help_pages.py" />
   <source>Advanced parameters</source>
   <translation>詳細パラメータ</translation>
  </message>
  <message>
   <location filename="../../processing/help_pages.py" />
   <source>Outputs</source>
   <translation>出力</translation>
  </message>
  <message>
   <location filename="../../processing/inputs.py" />
   <source>The extent does not touch {}.</source>
   <translation>範囲が{}と重なっていません。</translation>
  </message>
  <message>
   <location filename="../../processing/inputs.py" />
   <source>{layer} has no band {band}, only {count}.</source>
   <translation>{layer}にバンド{band}はありません(バンド数は{count})。</translation>
  </message>
  <message>
   <location filename="../../processing/parameters.py" />
   <location filename="../../ui/dock/scene_panel.py" />
   <source>Scene</source>
   <translation>シーン</translation>
  </message>
  <message>
   <location filename="../../processing/parameters.py" />
   <source>Satellite or aerial imagery of any size and data type that QGIS can show. A layer that is no file (WMS, XYZ tiles, a database) is first read into a temporary GeoTIFF, within the extent, which is then needed. So is a file that the engine cannot open (ECW, MrSID, FITS), all of it if there is no extent. Values marked as nodata, masks and transparent pixels are left out. Your layer is only read, never changed.</source>
   <translation>QGISで表示できる、任意のサイズとデータ型の衛星画像または空中写真。ファイルではないレイヤ(WMS、XYZタイル、データベース)は、まず範囲内を一時的なGeoTIFFに読み込みます。この場合は範囲の指定が必要です。エンジンで開けない形式のファイル(ECW、MrSID、FITS)も同様に読み込みます。範囲の指定がなければ全体を読み込みます。nodata値、マスク、透明なピクセルは除外されます。レイヤは読み取るだけで、変更しません。</translation>
  </message>
  <message>
   <location filename="../../processing/parameters.py" />
   <source>Only this part is looked at. It may be given in any CRS. Without it, the whole scene is.</source>
   <translation>この部分だけを対象にします。どのCRSでも指定できます。未指定の場合はシーン全体が対象です。</translation>
  </message>
  <message>
   <location filename="../../processing/parameters.py" />
   <source>Area of interest</source>
   <translation>対象領域(AOI)</translation>
  </message>
  <message>
   <location filename="../../processing/parameters.py" />
   <source>Only what lies within these polygons is looked at, or within the selected ones. The layer may come from any source, in any CRS.</source>
   <translation>これらのポリゴン(または選択したポリゴン)の内側だけを対象にします。レイヤのソースとCRSは問いません。</translation>
  </message>
  <message>
   <location filename="../../processing/parameters.py" />
   <source>Truth: landslides known</source>
   <translation>正解データ: 既知の地すべり</translation>
  </message>
  <message>
   <location filename="../../processing/parameters.py" />
   <source>An inventory of the landslides: polygons, or a raster that is not zero where a landslide is. Its filter and unsaved edits count. It may have any CRS.</source>
   <translation>地すべりのインベントリ: ポリゴン、または地すべりの場所がゼロ以外のラスタ。フィルタと未保存の編集も反映されます。CRSは問いません。</translation>
  </message>
  <message>
   <location filename="../../processing/parameters.py" />
   <source>Rendering resolution (map units a pixel)</source>
   <translation>描画解像度(地図単位/ピクセル)</translation>
  </message>
  <message>
   <location filename="../../processing/parameters.py" />
   <source>For layers that are no files. If it is not set, the layer's own, or else the ground resolution the model was trained for.</source>
   <translation>ファイルではないレイヤに使います。未設定の場合は、レイヤ自身の解像度、それもなければモデルが学習した地上解像度を使います。</translation>
  </message>
  <message>
   <location filename="../../processing/parameters.py" />
   <location filename="../../ui/options/page.py" />
   <source>Device</source>
   <translation>デバイス</translation>
  </message>
  <message>
   <location filename="../../processing/parameters.py" />
   <source>&lt;i&gt;auto&lt;/i&gt; takes a GPU if the engine can use one, else the CPU; &lt;i&gt;cpu&lt;/i&gt;, &lt;i&gt;cuda&lt;/i&gt;, &lt;i&gt;cuda:1&lt;/i&gt;, &lt;i&gt;mps&lt;/i&gt; and &lt;i&gt;xpu&lt;/i&gt; insist on one.</source>
   <translation>&lt;i&gt;auto&lt;/i&gt;は、エンジンがGPUを使えればGPU、使えなければCPUを選びます。&lt;i&gt;cpu&lt;/i&gt;、&lt;i&gt;cuda&lt;/i&gt;、&lt;i&gt;cuda:1&lt;/i&gt;、&lt;i&gt;mps&lt;/i&gt;、&lt;i&gt;xpu&lt;/i&gt;は、そのデバイスを必ず使います。</translation>
  </message>
  <message>
   <location filename="../../processing/polygons.py" />
   <source>{}: could not be written for the engine: {}</source>
   <translation>{}: エンジン用に書き出せません: {}</translation>
  </message>
  <message>
   <location filename="../../processing/polygons.py" />
   <source>{}: there are no polygons; is nothing selected?</source>
   <translation>{}: ポリゴンがありません。何も選択されていないのではありませんか?</translation>
  </message>
  <message>
   <location filename="../../processing/provider.py" />
   <location filename="../../ui/dock/desk.py" />
   <location filename="../../ui/dock/dock.py" />
   <location filename="../../ui/options/page.py" />
   <location filename="../../ui/setup/offer.py" />
   <source>Landslide Detector</source>
   <translation>地すべり検出</translation>
  </message>
  <message>
   <location filename="../../processing/rendering.py" />
   <source>The layer's data cannot be read.</source>
   <translation>レイヤのデータを読み込めません。</translation>
  </message>
  <message>
   <location filename="../../processing/rendering.py" />
   <source>The layer's data cannot be read: {}</source>
   <translation>レイヤのデータを読み込めません: {}</translation>
  </message>
  <message>
   <location filename="../../processing/rendering.py" />
   <source>The layer could not be written to {}.</source>
   <translation>レイヤを{}に書き出せません。</translation>
  </message>
  <message>
   <location filename="../../processing/rendering.py" />
   <source>The layer shows nothing within the extent; is its server within reach?</source>
   <translation>レイヤは範囲内に何も表示していません。サーバーに接続できるか確認してください。</translation>
  </message>
  <message>
   <location filename="../../processing/rendering.py" />
   <source>{:.1%} of the picture is empty: outside of the layer, or not delivered by its server.</source>
   <translation>画像の{:.1%}が空です: レイヤの範囲外か、サーバーから配信されていません。</translation>
  </message>
  <message>
   <location filename="../../processing/scene.py" />
   <source>{} cannot be opened: {}</source>
   <translation>{}を開けません: {}</translation>
  </message>
  <message>
   <location filename="../../processing/scene.py" />
   <source>{} cannot be described by a VRT: {}</source>
   <translation>{}をVRTで表せません: {}</translation>
  </message>
  <message>
   <location filename="../../processing/scene.py" />
   <source>{name} is no file that the engine can open: reading {width} x {height} pixels of it into a temporary GeoTIFF</source>
   <translation>{name}はエンジンで開けるファイルではありません: {width} x {height}ピクセルを一時的なGeoTIFFに読み込みます</translation>
  </message>
  <message>
   <location filename="../../processing/scene.py" />
   <source>{} is not a file, so it has no size of its own: choose the extent to search.</source>
   <translation>{}はファイルではなく固有のサイズを持たないため、検出する範囲を指定してください。</translation>
  </message>
  <message>
   <location filename="../../processing/scene.py" />
   <source>{name} would have {width} x {height} pixels: choose a smaller extent or a coarser resolution.</source>
   <translation>{name}は{width} x {height}ピクセルになります: 範囲を狭くするか、解像度を粗くしてください。</translation>
  </message>
  <message>
   <location filename="../../processing/scene.py" />
   <source>{} is not a file and the model's ground resolution is not known: choose a resolution.</source>
   <translation>{}はファイルではなく、モデルの地上解像度も不明です: 解像度を指定してください。</translation>
  </message>
  <message>
   <location filename="../../processing/styling.py" />
   <source>{}: style not loaded: {}</source>
   <translation>{}: スタイルを読み込めません: {}</translation>
  </message>
  <message>
   <location filename="../../processing/training.py" />
   <source>Training</source>
   <translation>学習</translation>
  </message>
  <message>
   <location filename="../../processing/training.py" />
   <source>landslide,training,learn,fine-tune,model,deep learning,neural network</source>
   <translation>地すべり,学習,訓練,ファインチューニング,モデル,深層学習,ニューラルネットワーク,landslide,training</translation>
  </message>
  <message>
   <location filename="../../processing/training.py" />
   <source>There is a model in {} already: choose another name, or resume its training.</source>
   <translation>{}にはすでにモデルがあります: 別の名前にするか、学習を再開してください。</translation>
  </message>
  <message>
   <location filename="../../processing/training.py" />
   <source>The detection algorithms list the new model as {}.</source>
   <translation>検出アルゴリズムの一覧に、新しいモデルが{}として表示されます。</translation>
  </message>
  <message>
   <location filename="../../processing/training.py" />
   <source>The new model is in {}; a detection takes this folder for its model.</source>
   <translation>新しいモデルは{}にあります。検出では、このフォルダをモデルとして指定できます。</translation>
  </message>
  <message>
   <location filename="../../processing/training.py" />
   <source>No model was written: the training was cancelled before its first validation.</source>
   <translation>モデルは書き出されていません: 最初の検証の前に学習がキャンセルされました。</translation>
  </message>
  <message>
   <location filename="../../processing/training.py" />
   <source>{name} {value:.3f} on validation data</source>
   <translation>検証データの{name}は{value:.3f}</translation>
  </message>
  <message>
   <location filename="../../processing/training.py" />
   <source>from before</source>
   <translation>以前のもの</translation>
  </message>
  <message>
   <location filename="../../processing/training.py" />
   <source>The best model so far ({best}) is kept in {folder}; resuming goes on with its training.</source>
   <translation>これまでで最良のモデル({best})は{folder}に残っています。再開すると学習を続けます。</translation>
  </message>
  <message>
   <location filename="../../processing/training.py" />
   <source>The scenes have different CRS: train on all of each, without an extent, or on one at a time.</source>
   <translation>シーンのCRSが異なります: 範囲を指定せずに各シーンの全体で学習するか、1つずつ学習してください。</translation>
  </message>
  <message>
   <location filename="../../processing/training.py" />
   <source>Bands: {} are no numbers such as 1,2,3</source>
   <translation>バンド: {}は「1,2,3」のような番号ではありません</translation>
  </message>
  <message>
   <location filename="../../processing/training.py" />
   <source>Name of the new model: '{}' cannot be one; use letters, digits, '-', '_' and spaces.</source>
   <translation>新しいモデルの名前: 「{}」は使えません。英数字、「-」、「_」、空白を使ってください。</translation>
  </message>
  <message>
   <location filename="../../processing/training.py" />
   <source>Name of the new model: {} is a shipped one, choose another.</source>
   <translation>新しいモデルの名前: {}は付属モデルの名前です。別の名前にしてください。</translation>
  </message>
  <message>
   <location filename="../../processing/training_parameters.py" />
   <source>Scenes</source>
   <translation>シーン</translation>
  </message>
  <message>
   <location filename="../../processing/training_parameters.py" />
   <source>One raster or many, of the same bands. A layer that is no file (WMS, XYZ tiles, a database) is first read into a temporary GeoTIFF, within the extent, which is then needed. Your layers are only read, never changed.</source>
   <translation>同じバンド構成の1つ以上のラスタ。ファイルではないレイヤ(WMS、XYZタイル、データベース)は、まず範囲内を一時的なGeoTIFFに読み込みます。この場合は範囲の指定が必要です。レイヤは読み取るだけで、変更しません。</translation>
  </message>
  <message>
   <location filename="../../processing/training_parameters.py" />
   <source>Model to start from (auto: by the scenes' resolution)</source>
   <translation>出発点のモデル(auto: シーンの解像度で選択)</translation>
  </message>
  <message>
   <location filename="../../processing/training_parameters.py" />
   <source>What the network knows already. &lt;i&gt;auto&lt;/i&gt; takes the shipped model that fits the scenes' ground resolution best; &lt;i&gt;imagenet&lt;/i&gt; an encoder that knows everyday pictures only (fetched from the internet if it has to be), and &lt;i&gt;scratch&lt;/i&gt; nothing: both need many labels and hours.</source>
   <translation>ネットワークが最初から知っていること。&lt;i&gt;auto&lt;/i&gt; はシーンの地上解像度に最も合う付属モデル、&lt;i&gt;imagenet&lt;/i&gt; は日常の写真だけを知るエンコーダ(必要ならインターネットから取得)、&lt;i&gt;scratch&lt;/i&gt; は何も知らない状態から始めます。後の2つには多くのラベルと時間が必要です。</translation>
  </message>
  <message>
   <location filename="../../processing/training_parameters.py" />
   <source>Bands, such as 1,2,3</source>
   <translation>バンド(例: 1,2,3)</translation>
  </message>
  <message>
   <location filename="../../processing/training_parameters.py" />
   <source>Of every scene, in the order the model wants them. If none are named, red, green and blue by the colour interpretation of the raster, else the first ones.</source>
   <translation>各シーンのバンドを、モデルが求める順に指定します。未指定の場合は、ラスタの色解釈による赤・緑・青、それもなければ先頭のバンドを使います。</translation>
  </message>
  <message>
   <location filename="../../processing/training_parameters.py" />
   <source>Extent to learn from</source>
   <translation>学習する範囲</translation>
  </message>
  <message>
   <location filename="../../processing/training_parameters.py" />
   <source>Train for a number of</source>
   <translation>学習量の単位</translation>
  </message>
  <message>
   <location filename="../../processing/training_parameters.py" />
   <source>What the next number counts: minutes, or rounds over the training windows.</source>
   <translation>次の数値の単位: 分、または学習ウィンドウ全体を巡回する回数(エポック)。</translation>
  </message>
  <message>
   <location filename="../../processing/training_parameters.py" />
   <source>Minutes or epochs</source>
   <translation>分数またはエポック数</translation>
  </message>
  <message>
   <location filename="../../processing/training_parameters.py" />
   <source>How long to train. Cancelling earlier is no loss: the best model so far is kept. On a CPU, half an hour fits a shipped model to a scene.</source>
   <translation>学習する長さ。早めにキャンセルしても、それまでで最良のモデルが残ります。CPUでは、30分で付属モデルをシーンに適応させることができます。</translation>
  </message>
  <message>
   <location filename="../../processing/training_parameters.py" />
   <source>Name of the new model</source>
   <translation>新しいモデルの名前</translation>
  </message>
  <message>
   <location filename="../../processing/training_parameters.py" />
   <source>The detection algorithms will list it by this name, and a folder in your model folder will hold it.</source>
   <translation>検出アルゴリズムの一覧にこの名前で表示され、モデルフォルダ内の同名のフォルダに保存されます。</translation>
  </message>
  <message>
   <location filename="../../processing/training_parameters.py" />
   <source>Polygons of all landslides in the scenes (or within the extent): what lies outside of them is learned as ground without. Of a layer with a column &lt;i&gt;status&lt;/i&gt; from a review, only accepted ones are landslides, and rejected ones are examples of what is none. The selected ones only, if you tick that.</source>
   <translation>シーン内(または範囲内)のすべての地すべりのポリゴン: その外側は地すべりのない地表として学習されます。確認作業による&lt;i&gt;status&lt;/i&gt;列を持つレイヤでは、採用されたものだけを地すべりとし、却下されたものは地すべりではない例とします。チェックすると、選択したポリゴンだけを使います。</translation>
  </message>
  <message>
   <location filename="../../processing/training_parameters.py" />
   <source>Polygons of landslides that are known of, to be kept out of the training.</source>
   <translation>既知の地すべりのポリゴン。学習から除外します。</translation>
  </message>
  <message>
   <location filename="../../processing/training_parameters.py" />
   <source>Normal ground</source>
   <translation>通常の地表</translation>
  </message>
  <message>
   <location filename="../../processing/training_parameters.py" />
   <source>Polygons of ground known to hold no landslide; only this ground is learned from. With neither these nor landslides the detector adapts to the scenes as they are, which works while landslides are rare in them.</source>
   <translation>地すべりがないと分かっている地表のポリゴン。この場所だけから学習します。これも地すべりも指定しない場合、検出器はシーンにそのまま適応します。シーンに地すべりが少ない場合に有効です。</translation>
  </message>
  <message>
   <location filename="../../processing/training_parameters.py" />
   <source>Ground resolution (metres a pixel)</source>
   <translation>地上解像度(m/ピクセル)</translation>
  </message>
  <message>
   <location filename="../../processing/training_parameters.py" />
   <source>For scenes without georeference, which do not tell it themselves.</source>
   <translation>位置情報がなく、解像度が分からないシーンに使います。</translation>
  </message>
  <message>
   <location filename="../../processing/training_parameters.py" />
   <source>Training window (pixels, in steps of {})</source>
   <translation>学習ウィンドウ({}ピクセル単位)</translation>
  </message>
  <message>
   <location filename="../../processing/training_parameters.py" />
   <source>Side of the pieces of a scene the network learns from. If it is not set, that of the model.</source>
   <translation>ネットワークの学習に使う、シーンの小片の一辺。未設定の場合はモデルの値を使います。</translation>
  </message>
  <message>
   <location filename="../../processing/training_parameters.py" />
   <source>Batch size (windows)</source>
   <translation>バッチサイズ(ウィンドウ数)</translation>
  </message>
  <message>
   <location filename="../../processing/training_parameters.py" />
   <source>How many windows make one step; fewer need less memory.</source>
   <translation>1ステップに使うウィンドウの数。少ないほどメモリの使用量が減ります。</translation>
  </message>
  <message>
   <location filename="../../processing/training_parameters.py" />
   <source>Share of the ground kept for validation</source>
   <translation>検証用に残す地表の割合</translation>
  </message>
  <message>
   <location filename="../../processing/training_parameters.py" />
   <source>Blocks of the scenes the network does not learn from. They tell which state of it is the best, and set its threshold.</source>
   <translation>ネットワークが学習しない、シーン内のブロック。どの時点のモデルが最良かを判定し、しきい値を決めるのに使います。</translation>
  </message>
  <message>
   <location filename="../../processing/training_parameters.py" />
   <source>Resume a training that was cancelled</source>
   <translation>キャンセルした学習を再開</translation>
  </message>
  <message>
   <location filename="../../processing/training_parameters.py" />
   <source>Goes on where the training of the model of this name ended; give the same scenes and labels again.</source>
   <translation>この名前のモデルの学習を、終わったところから続けます。同じシーンとラベルを指定してください。</translation>
  </message>
  <message>
   <location filename="../../processing/training_parameters.py" />
   <source>Folder of the model, if not in your model folder</source>
   <translation>モデルのフォルダ(モデルフォルダ以外に保存する場合)</translation>
  </message>
  <message>
   <location filename="../../processing/training_parameters.py" />
   <source>The new model, ready for detection: card, network, weights, and the report of the training.</source>
   <translation>検出に使える新しいモデル: カード、ネットワーク、重み、学習レポート。</translation>
  </message>
  <message>
   <location filename="../../processing/training_parameters.py" />
   <source>Threshold of the model</source>
   <translation>モデルのしきい値</translation>
  </message>
  <message>
   <location filename="../../processing/training_parameters.py" />
   <source>IoU</source>
   <translation>IoU</translation>
  </message>
  <message>
   <location filename="../../processing/training_parameters.py" />
   <source>AUROC</source>
   <translation>AUROC</translation>
  </message>
  <message>
   <location filename="../../processing/training_parameters.py" />
   <source>F1 of the model it started from</source>
   <translation>元のモデルのF1</translation>
  </message>
  <message>
   <location filename="../../processing/training_parameters.py" />
   <source>IoU of the model it started from</source>
   <translation>元のモデルのIoU</translation>
  </message>
  <message>
   <location filename="../../processing/training_parameters.py" />
   <source>Precision of the model it started from</source>
   <translation>元のモデルの適合率</translation>
  </message>
  <message>
   <location filename="../../processing/training_parameters.py" />
   <source>Recall of the model it started from</source>
   <translation>元のモデルの再現率</translation>
  </message>
  <message>
   <location filename="../../processing/training_parameters.py" />
   <source>Name of the model</source>
   <translation>モデルの名前</translation>
  </message>
  <message>
   <location filename="../../processing/training_parameters.py" />
   <location filename="../../ui/review/comparison.py" />
   <source>Report of the training</source>
   <translation>学習レポート</translation>
  </message>
  <message>
   <location filename="../../ui/dock/area.py" />
   <source>It does not show any of {}.</source>
   <translation>{}がまったく表示されていません。</translation>
  </message>
  <message>
   <location filename="../../ui/dock/area.py" />
   <source>The extent of the earlier run cannot be read: {}</source>
   <translation>以前の実行の範囲を読み取れません: {}</translation>
  </message>
  <message>
   <location filename="../../ui/dock/area.py" />
   <source>No polygon is selected.</source>
   <translation>ポリゴンが選択されていません。</translation>
  </message>
  <message>
   <location filename="../../ui/dock/area_panel.py" />
   <source>Whole layer</source>
   <translation>レイヤ全体</translation>
  </message>
  <message>
   <location filename="../../ui/dock/area_panel.py" />
   <source>Search all of the scene</source>
   <translation>シーン全体を対象にする</translation>
  </message>
  <message>
   <location filename="../../ui/dock/area_panel.py" />
   <source>Visi&amp;ble map</source>
   <translation>表示範囲(&amp;B)</translation>
  </message>
  <message>
   <location filename="../../ui/dock/area_panel.py" />
   <source>Search what the map shows now</source>
   <translation>地図に現在表示されている範囲を対象にする</translation>
  </message>
  <message>
   <location filename="../../ui/dock/area_panel.py" />
   <source>Selected pol&amp;ygons of</source>
   <translation>選択ポリゴン(&amp;Y)</translation>
  </message>
  <message>
   <location filename="../../ui/dock/area_panel.py" />
   <source>Search within the selected polygons</source>
   <translation>選択したポリゴンの内側を対象にする</translation>
  </message>
  <message>
   <location filename="../../ui/dock/area_panel.py" />
   <source>Rectan&amp;gle</source>
   <translation>矩形(&amp;G)</translation>
  </message>
  <message>
   <location filename="../../ui/dock/area_panel.py" />
   <source>Search a rectangle drawn on the map</source>
   <translation>地図上に描いた矩形を対象にする</translation>
  </message>
  <message>
   <location filename="../../ui/dock/area_panel.py" />
   <source>Layer of the selected polygons</source>
   <translation>選択ポリゴンのレイヤ</translation>
  </message>
  <message>
   <location filename="../../ui/dock/area_panel.py" />
   <source>Draw on the map</source>
   <translation>地図上に描画</translation>
  </message>
  <message>
   <location filename="../../ui/dock/area_panel.py" />
   <source>Drag a rectangle on the map</source>
   <translation>地図上をドラッグして矩形を描く</translation>
  </message>
  <message>
   <location filename="../../ui/dock/area_panel.py" />
   <source>Area</source>
   <translation>対象範囲</translation>
  </message>
  <message>
   <location filename="../../ui/dock/area_panel.py" />
   <source>The polygons of the earlier run are not in the project any more.</source>
   <translation>以前の実行で使ったポリゴンはすでにプロジェクトにありません。</translation>
  </message>
  <message>
   <location filename="../../ui/dock/area_panel.py" />
   <source>{} polygons are selected</source>
   <translation>{}個のポリゴンを選択中</translation>
  </message>
  <message>
   <location filename="../../ui/dock/area_panel.py" />
   <source>The polygons of the earlier run</source>
   <translation>以前の実行で使ったポリゴン</translation>
  </message>
  <message>
   <location filename="../../ui/dock/area_panel.py" />
   <source>No polygon layer</source>
   <translation>ポリゴンレイヤがありません</translation>
  </message>
  <message>
   <location filename="../../ui/dock/card_text.py" />
   <source>Looks at</source>
   <translation>入力</translation>
  </message>
  <message>
   <location filename="../../ui/dock/card_text.py" />
   <source>Trained on</source>
   <translation>学習データ</translation>
  </message>
  <message>
   <location filename="../../ui/dock/card_text.py" />
   <source>Limits</source>
   <translation>制限</translation>
  </message>
  <message>
   <location filename="../../ui/dock/card_text.py" />
   <source>Licence</source>
   <translation>ライセンス</translation>
  </message>
  <message>
   <location filename="../../ui/dock/card_text.py" />
   <source>version</source>
   <translation>バージョン</translation>
  </message>
  <message>
   <location filename="../../ui/dock/card_text.py" />
   <source>Measured</source>
   <translation>評価結果</translation>
  </message>
  <message>
   <location filename="../../ui/dock/desk.py" />
   <source>Repeat this detection…</source>
   <translation>この検出を再実行…</translation>
  </message>
  <message>
   <location filename="../../ui/dock/desk.py" />
   <source>Opens the dock with the settings this layer was made with</source>
   <translation>このレイヤを作成したときの設定でパネルを開きます</translation>
  </message>
  <message>
   <location filename="../../ui/dock/desk.py" />
   <location filename="../../ui/dock/detect_page.py" />
   <source>{} cannot be opened any more: {}</source>
   <translation>{}を開けなくなりました: {}</translation>
  </message>
  <message>
   <location filename="../../ui/dock/desk.py" />
   <source>The files of this run are gone; repeat it to get new ones.</source>
   <translation>この実行のファイルは失われています。再実行すると新しく作成されます。</translation>
  </message>
  <message>
   <location filename="../../ui/dock/desk.py" />
   <source>Details</source>
   <translation>詳細</translation>
  </message>
  <message>
   <location filename="../../ui/dock/desk.py" />
   <source>Show</source>
   <translation>表示</translation>
  </message>
  <message>
   <location filename="../../ui/dock/desk.py" />
   <source>{} was removed from the project; its detection has been cancelled.</source>
   <translation>{}がプロジェクトから削除されたため、その検出をキャンセルしました。</translation>
  </message>
  <message>
   <location filename="../../ui/dock/desk.py" />
   <source>The project was closed; the detection of {} has been cancelled.</source>
   <translation>プロジェクトが閉じられたため、{}の検出をキャンセルしました。</translation>
  </message>
  <message>
   <location filename="../../ui/dock/desk.py" />
   <source>This layer does not say how it was made.</source>
   <translation>このレイヤには作成時の情報がありません。</translation>
  </message>
  <message>
   <location filename="../../ui/dock/detect_page.py" />
   <location filename="../../ui/options/page.py" />
   <location filename="../../ui/setup/offer.py" />
   <source>Set up the engine…</source>
   <translation>エンジンのセットアップ…</translation>
  </message>
  <message>
   <location filename="../../ui/dock/detect_page.py" />
   <source>temporary files</source>
   <translation>一時ファイル</translation>
  </message>
  <message>
   <location filename="../../ui/dock/detect_page.py" />
   <source>Folder for the results</source>
   <translation>結果を保存するフォルダ</translation>
  </message>
  <message>
   <location filename="../../ui/dock/detect_page.py" />
   <source>The folder for the results; left empty, they are gone when QGIS closes.</source>
   <translation>結果を保存するフォルダ。空欄の場合、結果はQGISの終了時に失われます。</translation>
  </message>
  <message>
   <location filename="../../ui/dock/detect_page.py" />
   <source>Ru&amp;n</source>
   <translation>実行(&amp;N)</translation>
  </message>
  <message>
   <location filename="../../ui/dock/detect_page.py" />
   <source>Detect in the background; several runs wait for each other.</source>
   <translation>バックグラウンドで検出します。複数の実行は順番に処理されます。</translation>
  </message>
  <message>
   <location filename="../../ui/dock/detect_page.py" />
   <source>Save to</source>
   <translation>保存先</translation>
  </message>
  <message>
   <location filename="../../ui/dock/detect_page.py" />
   <source>Nothing to search. {}</source>
   <translation>対象がありません。{}</translation>
  </message>
  <message>
   <location filename="../../ui/dock/detect_page.py" />
   <source>As in the earlier run: {}</source>
   <translation>以前の実行と同じ: {}</translation>
  </message>
  <message>
   <location filename="../../ui/dock/detector_panel.py" />
   <source>O&amp;utlines</source>
   <translation>輪郭(&amp;U)</translation>
  </message>
  <message>
   <location filename="../../ui/dock/detector_panel.py" />
   <source>Which pixels are landslide? The outline to put on a map; the one to begin with. (DeepLabv3+)</source>
   <translation>どのピクセルが地すべりか? 地図に載せる輪郭を抽出します。最初に使う検出器です。(DeepLabv3+)</translation>
  </message>
  <message>
   <location filename="../../ui/dock/detector_panel.py" />
   <source>Pa&amp;tches</source>
   <translation>パッチ(&amp;T)</translation>
  </message>
  <message>
   <location filename="../../ui/dock/detector_panel.py" />
   <source>Is there a landslide in this patch? A grid of probabilities, to scan a large area. (ResNet50)</source>
   <translation>このパッチに地すべりがあるか? 広い範囲を概観する確率のグリッドを作ります。(ResNet50)</translation>
  </message>
  <message>
   <location filename="../../ui/dock/detector_panel.py" />
   <source>&amp;Anomalies</source>
   <translation>異常検知(&amp;A)</translation>
  </message>
  <message>
   <location filename="../../ui/dock/detector_panel.py" />
   <source>What does not look like normal terrain? Learned without any landslide labels. (U-Net)</source>
   <translation>通常の地表と異なるのはどこか? 地すべりのラベルを使わずに学習しています。(U-Net)</translation>
  </message>
  <message>
   <location filename="../../ui/dock/detector_panel.py" />
   <location filename="../../ui/models/shelf_list.py" />
   <source>Detector</source>
   <translation>検出器</translation>
  </message>
  <message>
   <location filename="../../ui/dock/dock.py" />
   <source>Detect</source>
   <translation>検出</translation>
  </message>
  <message>
   <location filename="../../ui/dock/dock.py" />
   <location filename="../../ui/dock/runs_page.py" />
   <source>Runs</source>
   <translation>実行履歴</translation>
  </message>
  <message>
   <location filename="../../ui/dock/histogram.py" />
   <source>Histogram of {}</source>
   <translation>{}のヒストグラム</translation>
  </message>
  <message>
   <location filename="../../ui/dock/histogram_view.py" />
   <source>Histogram of the probability</source>
   <translation>確率のヒストグラム</translation>
  </message>
  <message>
   <location filename="../../ui/dock/histogram_view.py" />
   <source>How many pixels have which probability (logarithmic); drag to move the threshold</source>
   <translation>確率ごとのピクセル数(対数目盛)。ドラッグするとしきい値が動きます</translation>
  </message>
  <message>
   <location filename="../../ui/dock/histogram_view.py" />
   <source>no histogram yet</source>
   <translation>ヒストグラムはまだありません</translation>
  </message>
  <message>
   <location filename="../../ui/dock/history.py" />
   <source>{path}: the list of past runs cannot be read: {error}</source>
   <translation>{path}: 実行履歴を読み込めません: {error}</translation>
  </message>
  <message>
   <location filename="../../ui/dock/history.py" />
   <source>{path}: the list of past runs cannot be written: {error}</source>
   <translation>{path}: 実行履歴を書き込めません: {error}</translation>
  </message>
  <message>
   <location filename="../../ui/dock/meter.py" />
   <location filename="../../ui/models/manager.py" />
   <source>{:.0f} %</source>
   <translation>{:.0f} %</translation>
  </message>
  <message>
   <location filename="../../ui/dock/meter.py" />
   <source>{} left</source>
   <translation>残り{}</translation>
  </message>
  <message>
   <location filename="../../ui/dock/meter.py" />
   <source>{:.3g} tiles/s</source>
   <translation>{:.3g}タイル/秒</translation>
  </message>
  <message>
   <location filename="../../ui/dock/meter.py" />
   <source>{} s</source>
   <translation>{}秒</translation>
  </message>
  <message>
   <location filename="../../ui/dock/model_panel.py" />
   <location filename="../../ui/models/shelf_list.py" />
   <source>Model</source>
   <translation>モデル</translation>
  </message>
  <message>
   <location filename="../../ui/dock/model_panel.py" />
   <source>Get models…</source>
   <translation>モデルを入手…</translation>
  </message>
  <message>
   <location filename="../../ui/dock/model_panel.py" />
   <location filename="../../ui/models/manager.py" />
   <source>About this model</source>
   <translation>このモデルについて</translation>
  </message>
  <message>
   <location filename="../../ui/dock/model_panel.py" />
   <source>What it was trained on, how well it does, and its licence</source>
   <translation>学習データ、性能、ライセンス</translation>
  </message>
  <message>
   <location filename="../../ui/dock/model_panel.py" />
   <source>Automatic ({})</source>
   <translation>自動({})</translation>
  </message>
  <message>
   <location filename="../../ui/dock/model_panel.py" />
   <source>Automatic</source>
   <translation>自動</translation>
  </message>
  <message>
   <location filename="../../ui/dock/model_panel.py" />
   <source>There is no card of this model on this machine.</source>
   <translation>このモデルのカードはこのコンピュータにありません。</translation>
  </message>
  <message>
   <location filename="../../ui/dock/model_panel.py" />
   <source>The weights of this model are not on this machine.</source>
   <translation>このモデルの重みはこのコンピュータにありません。</translation>
  </message>
  <message>
   <location filename="../../ui/dock/polygons.py" />
   <source>Landslides at a threshold</source>
   <translation>指定したしきい値の地すべり</translation>
  </message>
  <message>
   <location filename="../../ui/dock/polygons.py" />
   <location filename="../../ui/dock/queue.py" />
   <source>The run failed.</source>
   <translation>実行に失敗しました。</translation>
  </message>
  <message>
   <location filename="../../ui/dock/polygons.py" />
   <source>{scene}: landslides from {threshold:.3f}</source>
   <translation>{scene}: {threshold:.3f}以上の地すべり</translation>
  </message>
  <message>
   <location filename="../../ui/dock/queue.py" />
   <source>{} is not in the project any more.</source>
   <translation>{}はすでにプロジェクトにありません。</translation>
  </message>
  <message>
   <location filename="../../ui/dock/queue.py" />
   <location filename="../../ui/review/training.py" />
   <source>QGIS knows no algorithm {}.</source>
   <translation>QGISにアルゴリズム{}がありません。</translation>
  </message>
  <message>
   <location filename="../../ui/dock/results.py" />
   <source>landslides</source>
   <translation>地すべり</translation>
  </message>
  <message>
   <location filename="../../ui/dock/results.py" />
   <source>landslide mask</source>
   <translation>地すべりマスク</translation>
  </message>
  <message>
   <location filename="../../ui/dock/results.py" />
   <source>landslide probability</source>
   <translation>地すべり確率</translation>
  </message>
  <message>
   <location filename="../../ui/dock/run.py" />
   <source>waiting</source>
   <translation>待機中</translation>
  </message>
  <message>
   <location filename="../../ui/dock/run.py" />
   <source>running</source>
   <translation>実行中</translation>
  </message>
  <message>
   <location filename="../../ui/dock/run.py" />
   <source>done</source>
   <translation>完了</translation>
  </message>
  <message>
   <location filename="../../ui/dock/run.py" />
   <source>failed</source>
   <translation>失敗</translation>
  </message>
  <message>
   <location filename="../../ui/dock/run.py" />
   <source>cancelled</source>
   <translation>キャンセル済み</translation>
  </message>
  <message>
   <location filename="../../ui/dock/run_strip.py" />
   <source>Progress of the run</source>
   <translation>実行の進捗</translation>
  </message>
  <message>
   <location filename="../../ui/dock/run_strip.py" />
   <location filename="../../ui/setup/dialog.py" />
   <source>Cancel</source>
   <translation>キャンセル</translation>
  </message>
  <message>
   <location filename="../../ui/dock/run_strip.py" />
   <source>End this run now; nothing half-written is left</source>
   <translation>この実行をすぐに終了します。書きかけのファイルは残りません</translation>
  </message>
  <message>
   <location filename="../../ui/dock/run_strip.py" />
   <source>being cancelled…</source>
   <translation>キャンセルしています…</translation>
  </message>
  <message>
   <location filename="../../ui/dock/run_strip.py" />
   <source>; {} waiting</source>
   <translation>、{}件待機中</translation>
  </message>
  <message>
   <location filename="../../ui/dock/run_words.py" />
   <source>Area: {}</source>
   <translation>対象範囲: {}</translation>
  </message>
  <message>
   <location filename="../../ui/dock/run_words.py" />
   <source>No landslide found.</source>
   <translation>地すべりは見つかりませんでした。</translation>
  </message>
  <message>
   <location filename="../../ui/dock/run_words.py" />
   <source>1 landslide</source>
   <translation>地すべり1箇所</translation>
  </message>
  <message>
   <location filename="../../ui/dock/run_words.py" />
   <source>{} landslides</source>
   <translation>地すべり{}箇所</translation>
  </message>
  <message>
   <location filename="../../ui/dock/run_words.py" />
   <location filename="../../ui/dock/threshold_page.py" />
   <source>{:.2%} of the scene</source>
   <translation>シーンの{:.2%}</translation>
  </message>
  <message>
   <location filename="../../ui/dock/run_words.py" />
   <source>polygons</source>
   <translation>ポリゴン</translation>
  </message>
  <message>
   <location filename="../../ui/dock/run_words.py" />
   <source>rectangle</source>
   <translation>矩形</translation>
  </message>
  <message>
   <location filename="../../ui/dock/run_words.py" />
   <source>whole layer</source>
   <translation>レイヤ全体</translation>
  </message>
  <message>
   <location filename="../../ui/dock/runs_page.py" />
   <source>Run</source>
   <translation>実行</translation>
  </message>
  <message>
   <location filename="../../ui/dock/runs_page.py" />
   <source>When</source>
   <translation>日時</translation>
  </message>
  <message>
   <location filename="../../ui/dock/runs_page.py" />
   <source>What the run gave and said</source>
   <translation>この実行の結果とログ</translation>
  </message>
  <message>
   <location filename="../../ui/dock/runs_page.py" />
   <source>Repea&amp;t</source>
   <translation>再実行(&amp;T)</translation>
  </message>
  <message>
   <location filename="../../ui/dock/runs_page.py" />
   <source>Do this run again, as it was</source>
   <translation>この実行を同じ設定でもう一度行う</translation>
  </message>
  <message>
   <location filename="../../ui/dock/runs_page.py" />
   <source>Show la&amp;yers</source>
   <translation>レイヤを表示(&amp;Y)</translation>
  </message>
  <message>
   <location filename="../../ui/dock/runs_page.py" />
   <source>Bring the results of this run to the map</source>
   <translation>この実行の結果を地図に追加する</translation>
  </message>
  <message>
   <location filename="../../ui/dock/runs_page.py" />
   <location filename="../../ui/setup/dialog.py" />
   <source>Remove</source>
   <translation>削除</translation>
  </message>
  <message>
   <location filename="../../ui/dock/runs_page.py" />
   <source>Cancel this run, or forget it; files are kept</source>
   <translation>この実行をキャンセルするか、履歴から消します。ファイルは残ります</translation>
  </message>
  <message>
   <location filename="../../ui/dock/runs_page.py" />
   <source>R&amp;uns</source>
   <translation>実行履歴(&amp;U)</translation>
  </message>
  <message>
   <location filename="../../ui/dock/runs_page.py" />
   <source>No run yet.</source>
   <translation>実行履歴はまだありません。</translation>
  </message>
  <message>
   <location filename="../../ui/dock/runs_page.py" />
   <source>d MMM hh:mm</source>
   <translation>M/d hh:mm</translation>
  </message>
  <message>
   <location filename="../../ui/dock/scene_facts.py" />
   <source>{} x {} px</source>
   <translation>{} x {} px</translation>
  </message>
  <message>
   <location filename="../../ui/dock/scene_facts.py" />
   <source>no size of its own (web map)</source>
   <translation>固有のサイズなし(Web地図)</translation>
  </message>
  <message>
   <location filename="../../ui/dock/scene_facts.py" />
   <source>{} a pixel</source>
   <translation>{}/ピクセル</translation>
  </message>
  <message>
   <location filename="../../ui/dock/scene_facts.py" />
   <source>resolution not known</source>
   <translation>解像度不明</translation>
  </message>
  <message>
   <location filename="../../ui/dock/scene_facts.py" />
   <source>read at the model's resolution</source>
   <translation>モデルの解像度で読み込み</translation>
  </message>
  <message>
   <location filename="../../ui/dock/scene_facts.py" />
   <source>1 band</source>
   <translation>1バンド</translation>
  </message>
  <message>
   <location filename="../../ui/dock/scene_facts.py" />
   <source>{} bands</source>
   <translation>{}バンド</translation>
  </message>
  <message>
   <location filename="../../ui/dock/scene_facts.py" />
   <source>{bands}, {bits} bit</source>
   <translation>{bands}、{bits}ビット</translation>
  </message>
  <message>
   <location filename="../../ui/dock/scene_facts.py" />
   <source>The scene has {bands}; the model looks at {wanted}. Expect a poor result.</source>
   <translation>シーンは{bands}ですが、モデルは{wanted}を使います。良い結果は期待できません。</translation>
  </message>
  <message>
   <location filename="../../ui/dock/scene_facts.py" />
   <source>{actual} a pixel; the model was trained on {finest} to {coarsest}. The scene is resampled on the way, and the result is less certain.</source>
   <translation>解像度は{actual}/ピクセルですが、モデルの学習は{finest}から{coarsest}で行われています。シーンは処理中に再サンプリングされ、結果の確実性は下がります。</translation>
  </message>
  <message>
   <location filename="../../ui/dock/scene_facts.py" />
   <source>Without a georeference, nobody can tell whether the scene's resolution fits the model.</source>
   <translation>位置情報がないため、シーンの解像度がモデルに合うか判断できません。</translation>
  </message>
  <message>
   <location filename="../../ui/dock/scene_facts.py" />
   <source>{:.3g} m</source>
   <translation>{:.3g} m</translation>
  </message>
  <message>
   <location filename="../../ui/dock/scene_facts.py" />
   <source>{:.3g} cm</source>
   <translation>{:.3g} cm</translation>
  </message>
  <message>
   <location filename="../../ui/dock/scene_facts.py" />
   <source>{:.0f} m²</source>
   <translation>{:.0f} m²</translation>
  </message>
  <message>
   <location filename="../../ui/dock/scene_facts.py" />
   <source>{:.3g} ha</source>
   <translation>{:.3g} ha</translation>
  </message>
  <message>
   <location filename="../../ui/dock/scene_facts.py" />
   <source>{:,.4g} km²</source>
   <translation>{:,.4g} km²</translation>
  </message>
  <message>
   <location filename="../../ui/dock/scene_panel.py" />
   <source>The raster layer to search; follows the layer selected in the Layers panel.</source>
   <translation>検出対象のラスタレイヤ。レイヤパネルでの選択に連動します。</translation>
  </message>
  <message>
   <location filename="../../ui/dock/scene_panel.py" />
   <source>Create sample scene…</source>
   <translation>サンプルシーンの作成…</translation>
  </message>
  <message>
   <location filename="../../ui/dock/scene_panel.py" />
   <source>Add a raster layer to begin.</source>
   <translation>まずラスタレイヤを追加してください。</translation>
  </message>
  <message>
   <location filename="../../ui/dock/screening_box.py" />
   <source>Screen first (few landslides)</source>
   <translation>スクリーニング(地すべりが少ない場合)</translation>
  </message>
  <message>
   <location filename="../../ui/dock/screening_box.py" />
   <source>Only Outlines can be screened first.</source>
   <translation>スクリーニングは「輪郭」でのみ使えます。</translation>
  </message>
  <message>
   <location filename="../../ui/dock/threshold_page.py" />
   <source>Probability layer</source>
   <translation>確率レイヤ</translation>
  </message>
  <message>
   <location filename="../../ui/dock/threshold_page.py" />
   <source>The probability layer whose threshold is to be moved</source>
   <translation>しきい値を動かす確率レイヤ</translation>
  </message>
  <message>
   <location filename="../../ui/dock/threshold_page.py" />
   <source>Show &amp;all</source>
   <translation>すべて表示(&amp;A)</translation>
  </message>
  <message>
   <location filename="../../ui/dock/threshold_page.py" />
   <source>Show all probabilities again</source>
   <translation>すべての確率を再び表示する</translation>
  </message>
  <message>
   <location filename="../../ui/dock/threshold_page.py" />
   <source>Make pol&amp;ygons here</source>
   <translation>ポリゴンを作成(&amp;Y)</translation>
  </message>
  <message>
   <location filename="../../ui/dock/threshold_page.py" />
   <source>Outline, in the background, what is at or above this threshold</source>
   <translation>このしきい値以上の場所の輪郭をバックグラウンドで抽出する</translation>
  </message>
  <message>
   <location filename="../../ui/dock/threshold_page.py" />
   <source>Polygons are being made</source>
   <translation>ポリゴンを作成中</translation>
  </message>
  <message>
   <location filename="../../ui/dock/threshold_page.py" />
   <source>&amp;Threshold</source>
   <translation>しきい値(&amp;T)</translation>
  </message>
  <message>
   <location filename="../../ui/dock/threshold_page.py" />
   <source>Pro&amp;bability layer</source>
   <translation>確率レイヤ(&amp;B)</translation>
  </message>
  <message>
   <location filename="../../ui/dock/threshold_page.py" />
   <source>Run a detection first: it gives a probability layer.</source>
   <translation>まず検出を実行してください。確率レイヤが作成されます。</translation>
  </message>
  <message>
   <location filename="../../ui/dock/threshold_page.py" />
   <source>Counting pixels…</source>
   <translation>ピクセルを集計しています…</translation>
  </message>
  <message>
   <location filename="../../ui/dock/threshold_page.py" />
   <source>The layer cannot be read.</source>
   <translation>レイヤを読み込めません。</translation>
  </message>
  <message>
   <location filename="../../ui/dock/threshold_page.py" />
   <source>From {threshold:.3f} on: about {share}</source>
   <translation>{threshold:.3f}以上: {share}(概算)</translation>
  </message>
  <message>
   <location filename="../../ui/dock/threshold_page.py" />
   <source>No polygons: {}</source>
   <translation>ポリゴンを作成できません: {}</translation>
  </message>
  <message>
   <location filename="../../ui/dock/threshold_panel.py" />
   <source>Automat&amp;ic</source>
   <translation>自動(&amp;I)</translation>
  </message>
  <message>
   <location filename="../../ui/dock/threshold_panel.py" />
   <source>&amp;Fixed:</source>
   <translation>固定(&amp;F):</translation>
  </message>
  <message>
   <location filename="../../ui/dock/threshold_panel.py" />
   <source>Fixed threshold</source>
   <translation>固定しきい値</translation>
  </message>
  <message>
   <location filename="../../ui/dock/threshold_panel.py" />
   <source>From this probability on, a pixel counts as landslide. It can be moved afterwards, without a new run.</source>
   <translation>この確率以上のピクセルを地すべりとみなします。再実行しなくても、あとから動かせます。</translation>
  </message>
  <message>
   <location filename="../../ui/dock/threshold_panel.py" />
   <source>Automat&amp;ic ({:.3g})</source>
   <translation>自動: {:.3g}(&amp;I)</translation>
  </message>
  <message>
   <location filename="../../ui/models/card_page.py" />
   <source>Works on</source>
   <translation>対応デバイス</translation>
  </message>
  <message>
   <location filename="../../ui/models/card_page.py" />
   <source>{}. Not on this computer yet: download it to use it.</source>
   <translation>{}。このコンピュータにはまだありません。使うにはダウンロードしてください。</translation>
  </message>
  <message>
   <location filename="../../ui/models/card_page.py" />
   <source>{}. Downloaded and checked.</source>
   <translation>{}。ダウンロード済み、検証済み。</translation>
  </message>
  <message>
   <location filename="../../ui/models/card_page.py" />
   <source>{}. Your own.</source>
   <translation>{}。自作モデル。</translation>
  </message>
  <message>
   <location filename="../../ui/models/card_page.py" />
   <source>{}. Shipped with the plugin.</source>
   <translation>{}。プラグインに付属。</translation>
  </message>
  <message>
   <location filename="../../ui/models/card_page.py" />
   <source>the processor (imported from ONNX)</source>
   <translation>CPU(ONNXからインポート)</translation>
  </message>
  <message>
   <location filename="../../ui/models/card_page.py" />
   <source>processor and graphics card</source>
   <translation>CPUとGPU</translation>
  </message>
  <message>
   <location filename="../../ui/models/card_page.py" />
   <source>Files</source>
   <translation>ファイル</translation>
  </message>
  <message>
   <location filename="../../ui/models/file_download.py" />
   <source>Cancelled; what was loaded is kept.</source>
   <translation>キャンセルしました。読み込んだ分は残っています。</translation>
  </message>
  <message>
   <location filename="../../ui/models/file_download.py" />
   <source>; what was loaded is kept</source>
   <translation>。読み込んだ分は残っています</translation>
  </message>
  <message>
   <location filename="../../ui/models/file_download.py" />
   <source>{url}: {fault}{kept}</source>
   <translation>{url}: {fault}{kept}</translation>
  </message>
  <message>
   <location filename="../../ui/models/file_download.py" />
   <source>{}: the connection broke off; what was loaded is kept</source>
   <translation>{}: 接続が切れました。読み込んだ分は残っています</translation>
  </message>
  <message>
   <location filename="../../ui/models/file_download.py" />
   <source>{} is not the file expected (its SHA-256 differs); nothing of it is kept</source>
   <translation>{}は期待したファイルではないため(SHA-256が異なります)、破棄しました</translation>
  </message>
  <message>
   <location filename="../../ui/models/file_download.py" />
   <source>{folder}: cannot write there, is the disk full? ({fault})</source>
   <translation>{folder}: 書き込めません。ディスクがいっぱいではありませんか? ({fault})</translation>
  </message>
  <message>
   <location filename="../../ui/models/import_form.py" />
   <source>its own name</source>
   <translation>元の名前</translation>
  </message>
  <message>
   <location filename="../../ui/models/import_form.py" />
   <source>The name it will have in the lists: letters, digits, '-', '_' and '.'</source>
   <translation>一覧に表示する名前: 英数字、「-」、「_」、「.」</translation>
  </message>
  <message>
   <location filename="../../ui/models/import_form.py" />
   <source>the one named landslide</source>
   <translation>landslideという名前のクラス</translation>
  </message>
  <message>
   <location filename="../../ui/models/import_form.py" />
   <source>Which of the model's classes is landslide: its name or its number</source>
   <translation>モデルのどのクラスが地すべりか: その名前または番号</translation>
  </message>
  <message>
   <location filename="../../ui/models/import_form.py" />
   <source> m a pixel</source>
   <translation> m/ピクセル</translation>
  </message>
  <message>
   <location filename="../../ui/models/import_form.py" />
   <source>as the file says</source>
   <translation>ファイルの記載どおり</translation>
  </message>
  <message>
   <location filename="../../ui/models/import_form.py" />
   <source>The ground resolution the model was trained for; scenes are resampled to it</source>
   <translation>モデルが学習した地上解像度。シーンはこれに再サンプリングされます</translation>
  </message>
  <message>
   <location filename="../../ui/models/import_form.py" />
   <source>&amp;Import</source>
   <translation>インポート(&amp;I)</translation>
  </message>
  <message>
   <location filename="../../ui/models/import_form.py" />
   <source>&amp;Leave it</source>
   <translation>中止(&amp;L)</translation>
  </message>
  <message>
   <location filename="../../ui/models/import_form.py" />
   <source>Import {}</source>
   <translation>{}をインポート</translation>
  </message>
  <message>
   <location filename="../../ui/models/import_form.py" />
   <location filename="../../ui/review/improve_form.py" />
   <source>&amp;Name</source>
   <translation>名前(&amp;N)</translation>
  </message>
  <message>
   <location filename="../../ui/models/import_form.py" />
   <source>Landslide &amp;class</source>
   <translation>地すべりのクラス(&amp;C)</translation>
  </message>
  <message>
   <location filename="../../ui/models/import_form.py" />
   <source>&amp;Resolution</source>
   <translation>解像度(&amp;R)</translation>
  </message>
  <message>
   <location filename="../../ui/models/manager.py" />
   <source>Landslide models</source>
   <translation>地すべりモデル</translation>
  </message>
  <message>
   <location filename="../../ui/models/manager.py" />
   <source>&amp;Remove it</source>
   <translation>削除する(&amp;R)</translation>
  </message>
  <message>
   <location filename="../../ui/models/manager.py" />
   <source>&amp;Keep it</source>
   <translation>残す(&amp;K)</translation>
  </message>
  <message>
   <location filename="../../ui/models/manager.py" />
   <source>&amp;Download</source>
   <translation>ダウンロード(&amp;D)</translation>
  </message>
  <message>
   <location filename="../../ui/models/manager.py" />
   <source>Download the model's weights and check them; an earlier download goes on</source>
   <translation>モデルの重みをダウンロードして検証します。以前のダウンロードがあれば続きから行います</translation>
  </message>
  <message>
   <location filename="../../ui/models/manager.py" />
   <location filename="../../ui/review/improve.py" />
   <source>&amp;Cancel</source>
   <translation>キャンセル(&amp;C)</translation>
  </message>
  <message>
   <location filename="../../ui/models/manager.py" />
   <source>Stop; what is downloaded so far is kept</source>
   <translation>停止します。ダウンロードした分は残ります</translation>
  </message>
  <message>
   <location filename="../../ui/models/manager.py" />
   <source>R&amp;emove…</source>
   <translation>削除(&amp;E)…</translation>
  </message>
  <message>
   <location filename="../../ui/models/manager.py" />
   <source>Delete this model of your own from this computer</source>
   <translation>この自作モデルをこのコンピュータから削除する</translation>
  </message>
  <message>
   <location filename="../../ui/models/manager.py" />
   <source>&amp;Import…</source>
   <translation>インポート(&amp;I)…</translation>
  </message>
  <message>
   <location filename="../../ui/models/manager.py" />
   <source>A model package (its zip, or card.json in its folder), or a segmentation model in ONNX</source>
   <translation>モデルパッケージ(zip、またはフォルダ内のcard.json)、あるいはONNX形式のセグメンテーションモデル</translation>
  </message>
  <message>
   <location filename="../../ui/models/manager.py" />
   <source>Open &amp;folder</source>
   <translation>フォルダを開く(&amp;F)</translation>
  </message>
  <message>
   <location filename="../../ui/models/manager.py" />
   <source>Show the model's files</source>
   <translation>モデルのファイルを表示する</translation>
  </message>
  <message>
   <location filename="../../ui/models/manager.py" />
   <source>Import a landslide model</source>
   <translation>地すべりモデルのインポート</translation>
  </message>
  <message>
   <location filename="../../ui/models/manager.py" />
   <source>Delete '{}' from this computer? It cannot be undone.</source>
   <translation>「{}」をこのコンピュータから削除しますか? この操作は元に戻せません。</translation>
  </message>
  <message>
   <location filename="../../ui/models/manager.py" />
   <source>Remove a landslide model</source>
   <translation>地すべりモデルの削除</translation>
  </message>
  <message>
   <location filename="../../ui/models/manager.py" />
   <source>Imported. It is in the lists of models now.</source>
   <translation>インポートしました。モデルの一覧に表示されます。</translation>
  </message>
  <message>
   <location filename="../../ui/models/manager.py" />
   <source>Removed.</source>
   <translation>削除しました。</translation>
  </message>
  <message>
   <location filename="../../ui/models/manager.py" />
   <source>'{}' is here and checked.</source>
   <translation>「{}」をダウンロードし、検証しました。</translation>
  </message>
  <message>
   <location filename="../../ui/models/manager.py" />
   <source>Import a model</source>
   <translation>モデルのインポート</translation>
  </message>
  <message>
   <location filename="../../ui/models/manager.py" />
   <source>Models ({})</source>
   <translation>モデル({})</translation>
  </message>
  <message>
   <location filename="../../ui/models/model_download.py" />
   <source>{path}: cannot be written ({fault})</source>
   <translation>{path}: 書き込めません({fault})</translation>
  </message>
  <message>
   <location filename="../../ui/models/shelf_list.py" />
   <source>Models</source>
   <translation>モデル</translation>
  </message>
  <message>
   <location filename="../../ui/models/shelf_list.py" />
   <source>Metres a pixel</source>
   <translation>m/ピクセル</translation>
  </message>
  <message>
   <location filename="../../ui/models/shelf_list.py" />
   <source>Size</source>
   <translation>サイズ</translation>
  </message>
  <message>
   <location filename="../../ui/models/shelf_list.py" />
   <source>Shipped and downloaded</source>
   <translation>付属・ダウンロード済み</translation>
  </message>
  <message>
   <location filename="../../ui/models/shelf_list.py" />
   <source>Your own</source>
   <translation>自作</translation>
  </message>
  <message>
   <location filename="../../ui/models/shelf_list.py" />
   <source>To download</source>
   <translation>ダウンロード可能</translation>
  </message>
  <message>
   <location filename="../../ui/models/shelf_list.py" />
   <source>{} (default)</source>
   <translation>{}(既定)</translation>
  </message>
  <message>
   <location filename="../../ui/models/shelf_list.py" />
   <source>Taken where the model is 'auto' and the scene's resolution fits</source>
   <translation>モデルが「auto」で、シーンの解像度が合うときに使われます</translation>
  </message>
  <message>
   <location filename="../../ui/models/shelf_list.py" />
   <location filename="../../ui/review/improve_form.py" />
   <source>Patches</source>
   <translation>パッチ</translation>
  </message>
  <message>
   <location filename="../../ui/models/shelf_list.py" />
   <location filename="../../ui/review/improve_form.py" />
   <source>Segmentation</source>
   <translation>セグメンテーション</translation>
  </message>
  <message>
   <location filename="../../ui/models/shelf_list.py" />
   <location filename="../../ui/review/improve_form.py" />
   <source>Anomaly</source>
   <translation>異常検知</translation>
  </message>
  <message>
   <location filename="../../ui/models/shelf_list.py" />
   <source>about {}</source>
   <translation>約{}</translation>
  </message>
  <message>
   <location filename="../../ui/options/page.py" />
   <source>Engine</source>
   <translation>エンジン</translation>
  </message>
  <message>
   <location filename="../../ui/options/page.py" />
   <source>the one set up by the plugin</source>
   <translation>プラグインがセットアップしたもの</translation>
  </message>
  <message>
   <location filename="../../ui/options/page.py" />
   <location filename="../../ui/setup/existing.py" />
   <source>The program landslides, the Python it is installed in, or their environment's folder.</source>
   <translation>プログラムlandslides、それがインストールされているPython、またはその環境のフォルダ。</translation>
  </message>
  <message>
   <location filename="../../ui/options/page.py" />
   <source>Folder of models</source>
   <translation>モデルのフォルダ</translation>
  </message>
  <message>
   <location filename="../../ui/options/page.py" />
   <source>Where your own and downloaded models are kept.</source>
   <translation>自作モデルとダウンロードしたモデルの保存先。</translation>
  </message>
  <message>
   <location filename="../../ui/options/page.py" />
   <source>What the forms of the algorithms open with; auto takes a GPU that works, else the CPU.</source>
   <translation>アルゴリズムの画面での初期値。autoは、動作するGPUがあればGPU、なければCPUを使います。</translation>
  </message>
  <message>
   <location filename="../../ui/options/page.py" />
   <source>What the forms of the algorithms open with; auto takes the fastest the device computes natively. Models without an int8 copy are computed as by auto where int8 is set.</source>
   <translation>アルゴリズムの画面での初期値。autoは、デバイスが直接計算できる最も速い精度を使います。int8を設定した場合、int8版のないモデルはautoと同じように計算されます。</translation>
  </message>
  <message>
   <location filename="../../ui/options/page.py" />
   <source>Set-up of the engine</source>
   <translation>エンジンのセットアップ</translation>
  </message>
  <message>
   <location filename="../../ui/options/page.py" />
   <source>Python</source>
   <translation>Python</translation>
  </message>
  <message>
   <location filename="../../ui/options/page.py" />
   <source>any of 3.10 or newer on this machine</source>
   <translation>このコンピュータの3.10以降のいずれか</translation>
  </message>
  <message>
   <location filename="../../ui/options/page.py" />
   <source>The Python to make the engine's environment with.</source>
   <translation>エンジンの環境を作るのに使うPython。</translation>
  </message>
  <message>
   <location filename="../../ui/options/page.py" />
   <source>Folder of wheels</source>
   <translation>wheelのフォルダ</translation>
  </message>
  <message>
   <location filename="../../ui/options/page.py" />
   <source>none: packages are downloaded</source>
   <translation>なし: パッケージをダウンロードします</translation>
  </message>
  <message>
   <location filename="../../ui/options/page.py" />
   <source>Packages come from here, without any network. Where there is one, fill it by: pip wheel PLUGIN_FOLDER</source>
   <translation>ネットワークを使わず、ここからパッケージをインストールします。ネットワークのあるコンピュータで次を実行して用意します: pip wheel PLUGIN_FOLDER</translation>
  </message>
  <message>
   <location filename="../../ui/options/page.py" />
   <source>Package index</source>
   <translation>パッケージインデックス</translation>
  </message>
  <message>
   <location filename="../../ui/options/page.py" />
   <source>pip's own</source>
   <translation>pipの既定</translation>
  </message>
  <message>
   <location filename="../../ui/options/page.py" />
   <source>Address of a package index (https://…/simple), for all packages.</source>
   <translation>すべてのパッケージに使うパッケージインデックスのアドレス(https://…/simple)。</translation>
  </message>
  <message>
   <location filename="../../ui/options/page.py" />
   <source>PyTorch's index</source>
   <translation>PyTorchのインデックス</translation>
  </message>
  <message>
   <location filename="../../ui/options/page.py" />
   <source>chosen by the driver found</source>
   <translation>検出されたドライバから選択</translation>
  </message>
  <message>
   <location filename="../../ui/options/page.py" />
   <source>Address of the index for torch and torchvision; else the package index, if one is named.</source>
   <translation>torchとtorchvisionに使うインデックスのアドレス。未指定の場合は、上のパッケージインデックスの指定があればそれを使います。</translation>
  </message>
  <message>
   <location filename="../../ui/options/page.py" />
   <source>Use the proxy of QGIS's network options</source>
   <translation>QGISのネットワークオプションのプロキシを使う</translation>
  </message>
  <message>
   <location filename="../../ui/options/page.py" />
   <source>Otherwise that of the environment (HTTPS_PROXY) or of pip's configuration.</source>
   <translation>使わない場合は、環境変数(HTTPS_PROXY)またはpipの設定のプロキシを使います。</translation>
  </message>
  <message>
   <location filename="../../ui/options/page.py" />
   <source>Environment variable: {}</source>
   <translation>環境変数: {}</translation>
  </message>
  <message>
   <location filename="../../ui/options/page.py" />
   <source>It is set, and wins over what is set here.</source>
   <translation>設定されているため、ここでの指定より優先されます。</translation>
  </message>
  <message>
   <location filename="../../ui/review/actions.py" />
   <source>Accept</source>
   <translation>採用</translation>
  </message>
  <message>
   <location filename="../../ui/review/actions.py" />
   <source>This is a landslide.</source>
   <translation>これは地すべりです。</translation>
  </message>
  <message>
   <location filename="../../ui/review/actions.py" />
   <source>Reject</source>
   <translation>却下</translation>
  </message>
  <message>
   <location filename="../../ui/review/actions.py" />
   <source>This is no landslide.</source>
   <translation>これは地すべりではありません。</translation>
  </message>
  <message>
   <location filename="../../ui/review/actions.py" />
   <source>Redraw</source>
   <translation>描き直し</translation>
  </message>
  <message>
   <location filename="../../ui/review/actions.py" />
   <source>A landslide, but its outline is wrong: draw it anew. Click its corners, right-click to end.</source>
   <translation>地すべりですが、輪郭が違います。新しく描き直します。頂点をクリックし、右クリックで終了します。</translation>
  </message>
  <message>
   <location filename="../../ui/review/actions.py" />
   <source>Move corners</source>
   <translation>頂点を移動</translation>
  </message>
  <message>
   <location filename="../../ui/review/actions.py" />
   <source>A landslide whose outline needs a touch: move its corners with QGIS's vertex tool.</source>
   <translation>輪郭を少し直す必要がある地すべり。QGISの頂点ツールで頂点を動かします。</translation>
  </message>
  <message>
   <location filename="../../ui/review/actions.py" />
   <source>Add missed</source>
   <translation>見逃しを追加</translation>
  </message>
  <message>
   <location filename="../../ui/review/actions.py" />
   <source>Draw a landslide the model missed. Click its corners, right-click to end.</source>
   <translation>モデルが見逃した地すべりを描きます。頂点をクリックし、右クリックで終了します。</translation>
  </message>
  <message>
   <location filename="../../ui/review/actions.py" />
   <source>Undo</source>
   <translation>元に戻す</translation>
  </message>
  <message>
   <location filename="../../ui/review/actions.py" />
   <source>Take back the last decision.</source>
   <translation>直前の判定を取り消します。</translation>
  </message>
  <message>
   <location filename="../../ui/review/actions.py" />
   <source>Previous</source>
   <translation>前へ</translation>
  </message>
  <message>
   <location filename="../../ui/review/actions.py" />
   <source>Go back by one polygon.</source>
   <translation>1つ前のポリゴンに戻ります。</translation>
  </message>
  <message>
   <location filename="../../ui/review/actions.py" />
   <source>Next</source>
   <translation>次へ</translation>
  </message>
  <message>
   <location filename="../../ui/review/actions.py" />
   <source>Skip this one: go on, decide nothing.</source>
   <translation>判定せずに次へ進みます。</translation>
  </message>
  <message>
   <location filename="../../ui/review/actions.py" />
   <source>Enter</source>
   <translation>Enter</translation>
  </message>
  <message>
   <location filename="../../ui/review/actions.py" />
   <source>Keep</source>
   <translation>確定</translation>
  </message>
  <message>
   <location filename="../../ui/review/actions.py" />
   <source>Keep the outline as it is now.</source>
   <translation>輪郭を現在の形で確定します。</translation>
  </message>
  <message>
   <location filename="../../ui/review/actions.py" />
   <source>Esc</source>
   <translation>Esc</translation>
  </message>
  <message>
   <location filename="../../ui/review/actions.py" />
   <source>Give up</source>
   <translation>やめる</translation>
  </message>
  <message>
   <location filename="../../ui/review/actions.py" />
   <source>Leave the outline as it was.</source>
   <translation>輪郭を元のままにします。</translation>
  </message>
  <message>
   <location filename="../../ui/review/candidate.py" />
   <source>There is a model {} already; remove it first.</source>
   <translation>モデル{}はすでにあります。先に削除してください。</translation>
  </message>
  <message>
   <location filename="../../ui/review/colours.py" />
   <source>To review</source>
   <translation>未確認</translation>
  </message>
  <message>
   <location filename="../../ui/review/colours.py" />
   <source>Accepted</source>
   <translation>採用</translation>
  </message>
  <message>
   <location filename="../../ui/review/colours.py" />
   <source>Rejected</source>
   <translation>却下</translation>
  </message>
  <message>
   <location filename="../../ui/review/colours.py" />
   <source>Review</source>
   <translation>確認</translation>
  </message>
  <message>
   <location filename="../../ui/review/comparison.py" />
   <source>Measured on blocks of the reviewed ground that were held out of the training, each model at its own threshold. The new one's was chosen on these very blocks, which flatters it a little; and one scene says little about others.</source>
   <translation>確認済みの場所のうち、学習に使わなかったブロックで、各モデルのしきい値を用いて評価した値です。新しいモデルのしきい値は同じブロックで選んだため、値がわずかに高めに出ます。また、1つのシーンだけでは他の場所での性能は分かりません。</translation>
  </message>
  <message>
   <location filename="../../ui/review/comparison.py" />
   <source>&amp;Use the new model</source>
   <translation>新しいモデルを使う(&amp;U)</translation>
  </message>
  <message>
   <location filename="../../ui/review/comparison.py" />
   <source>Put it into the list of models, as the first choice of its detector.</source>
   <translation>その検出器の第一候補としてモデルの一覧に加えます。</translation>
  </message>
  <message>
   <location filename="../../ui/review/comparison.py" />
   <source>&amp;Discard it</source>
   <translation>破棄(&amp;D)</translation>
  </message>
  <message>
   <location filename="../../ui/review/comparison.py" />
   <source>Delete the new model and go on with the old one.</source>
   <translation>新しいモデルを削除し、元のモデルを使い続けます。</translation>
  </message>
  <message>
   <location filename="../../ui/review/comparison.py" />
   <source>Decide &amp;later</source>
   <translation>あとで決める(&amp;L)</translation>
  </message>
  <message>
   <location filename="../../ui/review/comparison.py" />
   <source>Go back to the review; the new model waits, even if QGIS is closed.</source>
   <translation>確認作業に戻ります。新しいモデルは、QGISを閉じても保留されます。</translation>
  </message>
  <message>
   <location filename="../../ui/review/comparison.py" />
   <source>Old model: {old}&lt;br&gt;New model: {new}</source>
   <translation>元のモデル: {old}&lt;br&gt;新しいモデル: {new}</translation>
  </message>
  <message>
   <location filename="../../ui/review/comparison.py" />
   <source>Old</source>
   <translation>元</translation>
  </message>
  <message>
   <location filename="../../ui/review/comparison.py" />
   <source>New</source>
   <translation>新</translation>
  </message>
  <message>
   <location filename="../../ui/review/comparison.py" />
   <source>Change</source>
   <translation>変化</translation>
  </message>
  <message>
   <location filename="../../ui/review/comparison.py" />
   <source>The training ended early. This is the best model it had made, not yet compared with the old one.</source>
   <translation>学習は途中で終わりました。それまでで最も良いモデルですが、元のモデルとの比較はまだ行われていません。</translation>
  </message>
  <message>
   <location filename="../../ui/review/comparison.py" />
   <source>The two models could not be compared: their figures were not measured on the same ground.</source>
   <translation>2つのモデルは比較できません: 同じ場所で評価された値ではありません。</translation>
  </message>
  <message>
   <location filename="../../ui/review/comparison.py" />
   <source>The new model is better: F1 {new:.2f}, before {old:.2f}.</source>
   <translation>新しいモデルのほうが良好です: F1 {new:.2f}(以前は{old:.2f})。</translation>
  </message>
  <message>
   <location filename="../../ui/review/comparison.py" />
   <source>The new model is worse: F1 {new:.2f}, before {old:.2f}.</source>
   <translation>新しいモデルのほうが劣ります: F1 {new:.2f}(以前は{old:.2f})。</translation>
  </message>
  <message>
   <location filename="../../ui/review/comparison.py" />
   <source>The two models are equally good: F1 {new:.2f}, before {old:.2f}.</source>
   <translation>2つのモデルは同等です: F1 {new:.2f}(以前は{old:.2f})。</translation>
  </message>
  <message>
   <location filename="../../ui/review/controls.py" />
   <source>Polygons of a detection, in a GeoPackage.</source>
   <translation>検出結果のポリゴン(GeoPackage)。</translation>
  </message>
  <message>
   <location filename="../../ui/review/controls.py" />
   <source>Largest first</source>
   <translation>大きい順</translation>
  </message>
  <message>
   <location filename="../../ui/review/controls.py" />
   <source>Least certain first</source>
   <translation>不確かな順</translation>
  </message>
  <message>
   <location filename="../../ui/review/controls.py" />
   <source>Along the map</source>
   <translation>地図に沿って</translation>
  </message>
  <message>
   <location filename="../../ui/review/controls.py" />
   <source>All</source>
   <translation>すべて</translation>
  </message>
  <message>
   <location filename="../../ui/review/controls.py" />
   <source>your name</source>
   <translation>お名前</translation>
  </message>
  <message>
   <location filename="../../ui/review/controls.py" />
   <source>Written beside each of your decisions.</source>
   <translation>判定とともに記録されます。</translation>
  </message>
  <message>
   <location filename="../../ui/review/controls.py" />
   <source>a remark about this polygon</source>
   <translation>このポリゴンについてのメモ</translation>
  </message>
  <message>
   <location filename="../../ui/review/controls.py" />
   <source>&amp;Improve the model with what I reviewed…</source>
   <translation>確認した結果でモデルを改良(&amp;I)…</translation>
  </message>
  <message>
   <location filename="../../ui/review/controls.py" />
   <source>Train the model further on the polygons you accepted and rejected, and compare it with the old one.</source>
   <translation>採用・却下したポリゴンでモデルを追加学習し、元のモデルと比較します。</translation>
  </message>
  <message>
   <location filename="../../ui/review/controls.py" />
   <source>&amp;Landslides</source>
   <translation>地すべり(&amp;L)</translation>
  </message>
  <message>
   <location filename="../../ui/review/controls.py" />
   <source>&amp;Order</source>
   <translation>順序(&amp;O)</translation>
  </message>
  <message>
   <location filename="../../ui/review/controls.py" />
   <source>&amp;Show</source>
   <translation>表示(&amp;S)</translation>
  </message>
  <message>
   <location filename="../../ui/review/controls.py" />
   <source>&amp;Reviewer</source>
   <translation>確認者(&amp;R)</translation>
  </message>
  <message>
   <location filename="../../ui/review/controls.py" />
   <source>{reviewed} of {total} reviewed, {left} left. Accepted: {count}, {area} in all.</source>
   <translation>{total}件中{reviewed}件を確認済み、残り{left}件。採用: {count}件、合計{area}。</translation>
  </message>
  <message>
   <location filename="../../ui/review/controls.py" />
   <source>The layer has no column mean_probability.</source>
   <translation>レイヤにmean_probability列がありません。</translation>
  </message>
  <message>
   <location filename="../../ui/review/controls.py" />
   <source>No polygon</source>
   <translation>ポリゴンなし</translation>
  </message>
  <message>
   <location filename="../../ui/review/controls.py" />
   <source>The layer is empty. Draw what was missed with N.</source>
   <translation>レイヤは空です。見逃された地すべりはNキーで描いてください。</translation>
  </message>
  <message>
   <location filename="../../ui/review/controls.py" />
   <source>None is left of those to be shown.</source>
   <translation>表示対象のポリゴンは残っていません。</translation>
  </message>
  <message>
   <location filename="../../ui/review/controls.py" />
   <source>Polygon {place} of {count}</source>
   <translation>ポリゴン{place}/{count}</translation>
  </message>
  <message>
   <location filename="../../ui/review/controls.py" />
   <source>probability {:.2f} on average</source>
   <translation>平均確率{:.2f}</translation>
  </message>
  <message>
   <location filename="../../ui/review/controls.py" />
   <source>reviewed by {}</source>
   <translation>確認者: {}</translation>
  </message>
  <message>
   <location filename="../../ui/review/dock.py" />
   <source>Review landslides</source>
   <translation>地すべりの確認</translation>
  </message>
  <message>
   <location filename="../../ui/review/dock.py" />
   <source>The review of {} has ended. All decisions are in its file.</source>
   <translation>{}の確認を終了しました。判定はすべてファイルに保存されています。</translation>
  </message>
  <message>
   <location filename="../../ui/review/dock.py" />
   <source>{} cannot be edited now.</source>
   <translation>{}は現在編集できません。</translation>
  </message>
  <message>
   <location filename="../../ui/review/dock.py" />
   <source>Click the corners on the map; a right click ends the outline, Esc gives it up.</source>
   <translation>地図上で頂点をクリックします。右クリックで輪郭を終了、Escでやめます。</translation>
  </message>
  <message>
   <location filename="../../ui/review/dock.py" />
   <source>Click a corner on the map, then its new place. Enter keeps the outline, Esc gives it up.</source>
   <translation>地図上で頂点をクリックし、次に移動先をクリックします。Enterで輪郭を確定、Escでやめます。</translation>
  </message>
  <message>
   <location filename="../../ui/review/dock.py" />
   <source>The layer is being edited. Save or end its edits in QGIS to go on reviewing.</source>
   <translation>レイヤは編集中です。確認を続けるには、QGISで編集を保存または終了してください。</translation>
  </message>
  <message>
   <location filename="../../ui/review/errors.py" />
   <source>{}: this polygon has been deleted meanwhile.</source>
   <translation>{}: このポリゴンはすでに削除されています。</translation>
  </message>
  <message>
   <location filename="../../ui/review/evidence.py" />
   <source>Nothing has been reviewed yet.</source>
   <translation>まだ何も確認されていません。</translation>
  </message>
  <message>
   <location filename="../../ui/review/improve.py" />
   <source>Improving {}</source>
   <translation>{}を改良中</translation>
  </message>
  <message>
   <location filename="../../ui/review/improve.py" />
   <source>{} The best model so far is kept; the review's Improve the model shows it.</source>
   <translation>{} それまでで最も良いモデルは残してあります。「地すべりの確認」の「モデルの改良」に表示されます。</translation>
  </message>
  <message>
   <location filename="../../ui/review/improve.py" />
   <source>{} is trained: compare it with the old model.</source>
   <translation>{}の学習が完了しました。元のモデルと比較してください。</translation>
  </message>
  <message>
   <location filename="../../ui/review/improve.py" />
   <source>{} is in the list of models now.</source>
   <translation>{}をモデルの一覧に加えました。</translation>
  </message>
  <message>
   <location filename="../../ui/review/improve.py" />
   <source>End the training and delete what it has made so far.</source>
   <translation>学習を終了し、これまでに作成したものを削除します。</translation>
  </message>
  <message>
   <location filename="../../ui/review/improve.py" />
   <location filename="../../ui/review/improve_form.py" />
   <source>&amp;Back to the review</source>
   <translation>確認に戻る(&amp;B)</translation>
  </message>
  <message>
   <location filename="../../ui/review/improve.py" />
   <source>The training goes on in the background.</source>
   <translation>学習はバックグラウンドで続きます。</translation>
  </message>
  <message>
   <location filename="../../ui/review/improve.py" />
   <source>Training {}</source>
   <translation>{}を学習中</translation>
  </message>
  <message>
   <location filename="../../ui/review/improve_form.py" />
   <source>The imagery the polygons were detected in.</source>
   <translation>ポリゴンの検出に使った画像。</translation>
  </message>
  <message>
   <location filename="../../ui/review/improve_form.py" />
   <source>The model that made the polygons; training goes on from it.</source>
   <translation>ポリゴンを作成したモデル。ここから学習を続けます。</translation>
  </message>
  <message>
   <location filename="../../ui/review/improve_form.py" />
   <source> min</source>
   <translation> 分</translation>
  </message>
  <message>
   <location filename="../../ui/review/improve_form.py" />
   <source>Time to train, beside reading and measuring. It runs in the background.</source>
   <translation>学習時間(読み込みと評価の時間は含みません)。バックグラウンドで実行されます。</translation>
  </message>
  <message>
   <location filename="../../ui/review/improve_form.py" />
   <source>Under this name the new model will be in the list of models, if you decide to use it.</source>
   <translation>新しいモデルを使うことにした場合、この名前でモデルの一覧に表示されます。</translation>
  </message>
  <message>
   <location filename="../../ui/review/improve_form.py" />
   <source>&amp;Train</source>
   <translation>学習(&amp;T)</translation>
  </message>
  <message>
   <location filename="../../ui/review/improve_form.py" />
   <source>&amp;Scene</source>
   <translation>シーン(&amp;S)</translation>
  </message>
  <message>
   <location filename="../../ui/review/improve_form.py" />
   <source>&amp;Detector</source>
   <translation>検出器(&amp;D)</translation>
  </message>
  <message>
   <location filename="../../ui/review/improve_form.py" />
   <source>Start &amp;from</source>
   <translation>元のモデル(&amp;F)</translation>
  </message>
  <message>
   <location filename="../../ui/review/improve_form.py" />
   <source>Ti&amp;me</source>
   <translation>時間(&amp;M)</translation>
  </message>
  <message>
   <location filename="../../ui/review/improve_form.py" />
   <source>Improve the model</source>
   <translation>モデルの改良</translation>
  </message>
  <message>
   <location filename="../../ui/review/improve_form.py" />
   <source>Accepted: {accepted}, rejected: {rejected}. The model learns from both, and from the ground between them; polygons nobody has decided about ({left}) are left out.</source>
   <translation>採用: {accepted}件、却下: {rejected}件。モデルはこの両方と、その間の地表から学習します。未判定のポリゴン({left}件)は使いません。</translation>
  </message>
  <message>
   <location filename="../../ui/review/improve_form.py" />
   <source>That is little to learn from: review some more first.</source>
   <translation>学習には数が不十分です。先にもう少し確認してください。</translation>
  </message>
  <message>
   <location filename="../../ui/review/improve_form.py" />
   <source>Load the scene first: the imagery the polygons were detected in.</source>
   <translation>先にシーン(ポリゴンの検出に使った画像)を読み込んでください。</translation>
  </message>
  <message>
   <location filename="../../ui/review/improve_form.py" />
   <source>There is no model to start from.</source>
   <translation>元にするモデルがありません。</translation>
  </message>
  <message>
   <location filename="../../ui/review/improve_form.py" />
   <source>Give the new model a name that can be the name of a folder.</source>
   <translation>新しいモデルには、フォルダ名として使える名前を付けてください。</translation>
  </message>
  <message>
   <location filename="../../ui/review/menu.py" />
   <source>Review landslides…</source>
   <translation>地すべりの確認…</translation>
  </message>
  <message>
   <location filename="../../ui/review/suitable.py" />
   <source>{} has no polygons.</source>
   <translation>{}にはポリゴンがありません。</translation>
  </message>
  <message>
   <location filename="../../ui/review/suitable.py" />
   <source>{}: the file cannot be read.</source>
   <translation>{}: ファイルを読み込めません。</translation>
  </message>
  <message>
   <location filename="../../ui/review/suitable.py" />
   <source>{} is not in a GeoPackage, where decisions are kept. Export it to one and review that.</source>
   <translation>{}は、判定を保存できるGeoPackageではありません。GeoPackageにエクスポートしてから確認してください。</translation>
  </message>
  <message>
   <location filename="../../ui/review/suitable.py" />
   <source>{}: the GeoPackage is read-only, so no decision could be kept.</source>
   <translation>{}: GeoPackageが読み取り専用のため、判定を保存できません。</translation>
  </message>
  <message>
   <location filename="../../ui/review/suitable.py" />
   <source>{}: its column “status” holds numbers, not decisions. Rename it first.</source>
   <translation>{}: 「status」列に判定ではなく数値が入っています。先に列の名前を変更してください。</translation>
  </message>
  <message>
   <location filename="../../ui/review/table.py" />
   <source>redrawn</source>
   <translation>描き直し済み</translation>
  </message>
  <message>
   <location filename="../../ui/review/table.py" />
   <source>added</source>
   <translation>追加</translation>
  </message>
  <message>
   <location filename="../../ui/review/table.py" />
   <source>{}: another program is writing to the GeoPackage. Try again when it is done.</source>
   <translation>{}: 別のプログラムがGeoPackageに書き込み中です。終わってからもう一度お試しください。</translation>
  </message>
  <message>
   <location filename="../../ui/review/table.py" />
   <source>no reason given</source>
   <translation>理由は示されていません</translation>
  </message>
  <message>
   <location filename="../../ui/review/table.py" />
   <source>{}: the decision could not be written: {}</source>
   <translation>{}: 判定を書き込めません: {}</translation>
  </message>
  <message>
   <location filename="../../ui/review/table.py" />
   <source>This outline encloses no area; draw it once more.</source>
   <translation>この輪郭には面積がありません。もう一度描いてください。</translation>
  </message>
  <message>
   <location filename="../../ui/review/training.py" />
   <source>The training was cancelled.</source>
   <translation>学習はキャンセルされました。</translation>
  </message>
  <message>
   <location filename="../../ui/review/training.py" />
   <source>The training failed.</source>
   <translation>学習に失敗しました。</translation>
  </message>
  <message>
   <location filename="../../ui/review/units.py" />
   <source>{} square map units</source>
   <translation>{}平方地図単位</translation>
  </message>
  <message>
   <location filename="../../ui/review/units.py" />
   <source>{} m²</source>
   <translation>{} m²</translation>
  </message>
  <message>
   <location filename="../../ui/review/units.py" />
   <source>{} ha</source>
   <translation>{} ha</translation>
  </message>
  <message>
   <location filename="../../ui/review/units.py" />
   <source>{} km²</source>
   <translation>{} km²</translation>
  </message>
  <message>
   <location filename="../../ui/setup/dialog.py" />
   <source>Landslide Detector: Set Up the Engine</source>
   <translation>地すべり検出: エンジンのセットアップ</translation>
  </message>
  <message>
   <location filename="../../ui/setup/dialog.py" />
   <source>&amp;Repair</source>
   <translation>修復(&amp;R)</translation>
  </message>
  <message>
   <location filename="../../ui/setup/dialog.py" />
   <source>Makes the engine anew</source>
   <translation>エンジンを作り直します</translation>
  </message>
  <message>
   <location filename="../../ui/setup/dialog.py" />
   <source>Re&amp;move</source>
   <translation>削除(&amp;M)</translation>
  </message>
  <message>
   <location filename="../../ui/setup/dialog.py" />
   <source>Deletes the engine that was set up here; models and results stay</source>
   <translation>ここでセットアップしたエンジンを削除します。モデルと結果は残ります</translation>
  </message>
  <message>
   <location filename="../../ui/setup/dialog.py" />
   <source>&amp;Try on sample scene</source>
   <translation>サンプルシーンで試す(&amp;T)</translation>
  </message>
  <message>
   <location filename="../../ui/setup/dialog.py" />
   <source>Detects the landslides of a synthetic scene and shows them on the map</source>
   <translation>合成シーンの地すべりを検出し、地図に表示します</translation>
  </message>
  <message>
   <location filename="../../ui/setup/dialog.py" />
   <source>Options…</source>
   <translation>オプション…</translation>
  </message>
  <message>
   <location filename="../../ui/setup/dialog.py" />
   <source>Log</source>
   <translation>ログ</translation>
  </message>
  <message>
   <location filename="../../ui/setup/dialog.py" />
   <source>&amp;Leave out PyTorch</source>
   <translation>PyTorchを外す(&amp;L)</translation>
  </message>
  <message>
   <location filename="../../ui/setup/dialog.py" />
   <source>&amp;Add PyTorch</source>
   <translation>PyTorchを追加(&amp;A)</translation>
  </message>
  <message>
   <location filename="../../ui/setup/dialog.py" />
   <source>&amp;Go on</source>
   <translation>続行(&amp;G)</translation>
  </message>
  <message>
   <location filename="../../ui/setup/dialog.py" />
   <source>&amp;Set up</source>
   <translation>セットアップ(&amp;S)</translation>
  </message>
  <message>
   <location filename="../../ui/setup/dialog.py" />
   <source>Remove the engine? To set it up again takes some minutes.</source>
   <translation>エンジンを削除しますか? 再度のセットアップには数分かかります。</translation>
  </message>
  <message>
   <location filename="../../ui/setup/existing.py" />
   <source>Use an existing engine instead</source>
   <translation>既存のエンジンを使う</translation>
  </message>
  <message>
   <location filename="../../ui/setup/existing.py" />
   <source>The program landslides, or the Python it is installed in</source>
   <translation>プログラムlandslides、またはそれがインストールされているPython</translation>
  </message>
  <message>
   <location filename="../../ui/setup/existing.py" />
   <source>none: the engine that is set up here</source>
   <translation>なし: ここでセットアップしたエンジン</translation>
  </message>
  <message>
   <location filename="../../ui/setup/existing.py" />
   <source>&amp;Use</source>
   <translation>使用(&amp;U)</translation>
  </message>
  <message>
   <location filename="../../ui/setup/existing.py" />
   <source>Set by the environment variable {}.</source>
   <translation>環境変数{}で設定されています。</translation>
  </message>
  <message>
   <location filename="../../ui/setup/existing.py" />
   <source>There is no landslide engine at {}.</source>
   <translation>{}に地すべりエンジンはありません。</translation>
  </message>
  <message>
   <location filename="../../ui/setup/offer.py" />
   <source>The detectors need their engine, which is set up in a minute or two.</source>
   <translation>検出器にはエンジンが必要です。セットアップは1〜2分で終わります。</translation>
  </message>
  <message>
   <location filename="../../ui/setup/offer.py" />
   <source>The engine could not follow the plugin's update. {}</source>
   <translation>エンジンをプラグインの更新に合わせられませんでした。{}</translation>
  </message>
  <message>
   <location filename="../../ui/setup/session.py" />
   <source>Setting up the landslide engine</source>
   <translation>地すべりエンジンのセットアップ</translation>
  </message>
  <message>
   <location filename="../../ui/setup/session.py" />
   <source>Removing the landslide engine</source>
   <translation>地すべりエンジンの削除</translation>
  </message>
  <message>
   <location filename="../../ui/setup/session.py" />
   <source>Detecting landslides in the sample scene</source>
   <translation>サンプルシーンの地すべりの検出</translation>
  </message>
  <message>
   <location filename="../../ui/setup/session.py" />
   <source>Cancelled. Set up again to go on where it stopped.</source>
   <translation>キャンセルしました。もう一度セットアップすると、続きから行います。</translation>
  </message>
  <message>
   <location filename="../../ui/setup/session.py" />
   <source>The engine is removed.</source>
   <translation>エンジンを削除しました。</translation>
  </message>
  <message>
   <location filename="../../ui/setup/session.py" />
   <source>Cancelled. The engine is ready all the same.</source>
   <translation>キャンセルしましたが、エンジンは使用できます。</translation>
  </message>
  <message>
   <location filename="../../ui/setup/session.py" />
   <source>The engine works: {} landslides in the sample scene, see the map.</source>
   <translation>エンジンは正常です: サンプルシーンの地すべり{}箇所を地図に表示しました。</translation>
  </message>
  <message>
   <location filename="../../ui/setup/trial.py" />
   <source>The engine is installed, but the detection on the sample scene failed: {}</source>
   <translation>エンジンはインストールされましたが、サンプルシーンでの検出に失敗しました: {}</translation>
  </message>
  <message>
   <location filename="../../ui/setup/words.py" />
   <source>{:.1f} GB</source>
   <translation>{:.1f} GB</translation>
  </message>
  <message>
   <location filename="../../ui/setup/words.py" />
   <source>{} MB</source>
   <translation>{} MB</translation>
  </message>
  <message>
   <location filename="../../ui/setup/words.py" />
   <source>The engine is ready: detection, training and GPU, version {}.</source>
   <translation>エンジンは使用できます: 検出・学習・GPU、バージョン{}。</translation>
  </message>
  <message>
   <location filename="../../ui/setup/words.py" />
   <source>The engine is ready: detection on the CPU, version {}.</source>
   <translation>エンジンは使用できます: CPUでの検出、バージョン{}。</translation>
  </message>
  <message>
   <location filename="../../ui/setup/words.py" />
   <source>The engine is ready; it was not set up here.</source>
   <translation>エンジンは使用できます(ここでセットアップしたものではありません)。</translation>
  </message>
  <message>
   <location filename="../../ui/setup/words.py" />
   <source>The set-up of the engine is not finished.</source>
   <translation>エンジンのセットアップが完了していません。</translation>
  </message>
  <message>
   <location filename="../../ui/setup/words.py" />
   <source>The detectors need their engine, which is not set up yet.</source>
   <translation>検出器に必要なエンジンがまだセットアップされていません。</translation>
  </message>
  <message>
   <location filename="../../ui/setup/words.py" />
   <source>Used: {program} ({origin})</source>
   <translation>使用中: {program}({origin})</translation>
  </message>
  <message>
   <location filename="../../ui/setup/words.py" />
   <source>, PyTorch from {}</source>
   <translation>、PyTorchの取得元: {}</translation>
  </message>
  <message>
   <location filename="../../ui/setup/words.py" />
   <source>Set up: version {version}, Python {python}{torch}; computes on {device}</source>
   <translation>セットアップ済み: バージョン{version}、Python {python}{torch}、計算デバイスは{device}</translation>
  </message>
  <message>
   <location filename="../../ui/setup/words.py" />
   <source>Folder: {}</source>
   <translation>フォルダ: {}</translation>
  </message>
  <message>
   <location filename="../../ui/setup/words.py" />
   <source>Set up (&amp;CPU, about {})</source>
   <translation>セットアップ: CPU、約{}(&amp;C)</translation>
  </message>
  <message>
   <location filename="../../ui/setup/words.py" />
   <source>With &amp;PyTorch, for training and GPU ({smallest} to {largest})</source>
   <translation>PyTorchを含める: 学習とGPU用、{smallest}〜{largest}(&amp;P)</translation>
  </message>
  <message>
   <location filename="../../ui/setup/words.py" />
   <source>No NVIDIA driver found: PyTorch for the CPU.</source>
   <translation>NVIDIAドライバが見つかりません: CPU用のPyTorchを使います。</translation>
  </message>
  <message>
   <location filename="../../ui/setup/words.py" />
   <source>{name}, its driver runs CUDA {major}.{minor}</source>
   <translation>{name}、ドライバの対応はCUDA {major}.{minor}</translation>
  </message>
  <message>
   <location filename="../../ui/setup/words.py" />
   <source>{}, which no PyTorch of today supports: PyTorch for the CPU.</source>
   <translation>{}、現行のPyTorchでは対応していません: CPU用のPyTorchを使います。</translation>
  </message>
  <message>
   <location filename="../../ui/setup/words.py" />
   <source>{found}: PyTorch for {index}.</source>
   <translation>{found}: {index}用のPyTorchを使います。</translation>
  </message>
  <message>
   <location filename="../../ui/setup/words.py" />
   <source>Packages come from {}</source>
   <translation>パッケージの取得元: {}</translation>
  </message>
  <message>
   <location filename="../../ui/setup/words.py" />
   <source>, through the proxy {}</source>
   <translation>、プロキシ: {}</translation>
  </message>
  <message>
   <location filename="../../ui/toolbar.py" />
   <source>&amp;Landslide Detector</source>
   <translation>地すべり検出(&amp;L)</translation>
  </message>
  <message>
   <location filename="../../ui/toolbar.py" />
   <source>Detect landslides in a raster layer: open or close the dock</source>
   <translation>ラスタレイヤの地すべりを検出: パネルを開く/閉じる</translation>
  </message>
  <message>
   <location filename="../../ui/toolbar.py" />
   <source>Landslide &amp;Detector</source>
   <translation>地すべり検出(&amp;D)</translation>
  </message>
  <message>
   <location filename="../../ui/toolbar.py" />
   <source>{}…</source>
   <translation>{}…</translation>
  </message>
  <message>
   <location filename="../../ui/toolbar.py" />
   <source>Select a raster layer in the Layers panel first.</source>
   <translation>まずレイヤパネルでラスタレイヤを選択してください。</translation>
  </message>
 </context>
</TS>
