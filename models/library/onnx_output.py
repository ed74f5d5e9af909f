"""Rewriting an ONNX segmentation graph so that its answer is one landslide logit, as in every model package."""

from __future__ import annotations

from typing import Any

from onnx import TensorProto, helper

from .onnx_graph import Interface, image_of

EDGE = 1e-6  # probabilities nearer to 0 and 1 than this have no finite logit in float32


def to_landslide_logit(model: Any, interface: Interface, landslide: int) -> None:
    """Rewrite a graph so that ``image`` goes in and ``result``, the logit ``(N, 1, H, W)`` of one class, comes out.

    An activation at the very end is cut off, which loses no precision; the logit of one class of a softmax is its
    value less the log-sum-exp of the others. An activation further inside (before a resize) stays.

    Args:
        landslide: the class, counted from 0.
    """
    graph = model.graph
    opset = next(entry.version for entry in model.opset_import if entry.domain in ("", "ai.onnx"))
    image = image_of(graph)
    value, is_logit = _before_activation(graph, interface.activation, opset)
    # Some graphs compute in fp16; what is added to them, and what goes in and out, is fp32.
    entry = helper.make_node("Cast", ["image"], [image.name], to=image.type.tensor_type.elem_type)
    tail = _Tail()
    value = tail.add("Cast", [value], to=TensorProto.FLOAT)
    chosen = value if interface.classes == 1 else tail.channel(value, landslide)
    if not is_logit:
        result = tail.logit(chosen)
    elif interface.classes == 1 or interface.activation == "sigmoid":
        result = chosen
    else:
        rivals = [tail.channel(value, index) for index in range(interface.classes) if index != landslide]
        result = tail.add("Sub", [chosen, tail.log_sum_exp(rivals)])
    tail.nodes.append(helper.make_node("Identity", [result], ["result"]))
    height, width = ("height", "width") if interface.size is None else (interface.size, interface.size)
    shapes = {"image": ["batch", interface.bands, height, width], "result": ["batch", 1, height, width]}
    values = {
        name: helper.make_tensor_value_info(name, TensorProto.FLOAT, list(shape)) for name, shape in shapes.items()
    }
    graph.initializer.extend(tail.constants)
    # Inner shapes may be those of a single tile; every runtime infers them anew.
    for field, content in (
        ("node", [entry, *graph.node, *tail.nodes]),
        ("input", [values["image"]]),
        ("output", [values["result"]]),
        ("value_info", []),
    ):
        del getattr(graph, field)[:]
        getattr(graph, field).extend(content)


def _before_activation(graph: Any, activation: str, opset: int) -> tuple[str, bool]:
    """The value to go on from, and whether it is a logit (of each class) rather than a probability."""
    value = graph.output[0].name
    node = next((node for node in graph.node if value in node.output), None)
    if activation == "none" or node is None:
        return value, True
    if node.op_type.lower() != activation:
        return value, False
    axis = next((attribute.i for attribute in node.attribute if attribute.name == "axis"), -1 if opset >= 13 else 1)
    is_over_classes = activation == "sigmoid" or axis in (1, -3)
    return (node.input[0], True) if is_over_classes else (value, False)


class _Tail:
    """Nodes to be put behind a graph; each method returns the name of the value it adds."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def add(self, operator: str, inputs: list[str], **attributes: Any) -> str:
        name = f"landslides.{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, inputs, [name], **attributes))
        return name

    def channel(self, value: str, number: int) -> str:
        return self.add("Gather", [value, self._constant(TensorProto.INT64, [1], [number])], axis=1)

    def log_sum_exp(self, values: list[str]) -> str:
        # Two by two, as b + softplus(a - b): OpenVINO 2026.4 reduces over all axes, instead of those asked for, in a
        # ReduceLogSumExp of the operator sets 13 to 17.
        total, *others = values
        for other in others:
            total = self.add("Add", [other, self.add("Softplus", [self.add("Sub", [total, other])])])
        return total

    def logit(self, probability: str) -> str:
        low, high, one = (self._constant(TensorProto.FLOAT, [], [number]) for number in (EDGE, 1 - EDGE, 1.0))
        clipped = self.add("Min", [self.add("Max", [probability, low]), high])
        return self.add("Log", [self.add("Div", [clipped, self.add("Sub", [one, clipped])])])

    def _constant(self, data_type: int, shape: list[int], values: list[Any]) -> str:
        name = f"landslides.constant.{len(self.constants)}"
        self.constants.append(helper.make_tensor(name, data_type, shape, values))
        return name
