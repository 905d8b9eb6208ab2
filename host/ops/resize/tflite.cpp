// SPDX-License-Identifier: Apache-2.0
#include "ops/tflite.h"

#include "ops/operands.h"
#include "ops/resize/resize.h"

namespace mote::ops::resize {
namespace {

namespace schema = tflite_schema;
using schema::BuiltinOperator;
using schema::BuiltinOptions;

constexpr BuiltinOperator kCodes[] = {BuiltinOperator::RESIZE_NEAREST_NEIGHBOR,
                                      BuiltinOperator::RESIZE_BILINEAR};

Result<AttributeMap> read(const schema::Operator& op, BuiltinOperator code) {
  if (code == BuiltinOperator::RESIZE_BILINEAR) {
    const auto* options = op.builtin_options_as_ResizeBilinearOptions();
    if (options == nullptr) return missing_options();
    return to_map({true, options->align_corners(), options->half_pixel_centers()});
  }
  const auto* options = op.builtin_options_as_ResizeNearestNeighborOptions();
  if (options == nullptr) return missing_options();
  return to_map({false, options->align_corners(), options->half_pixel_centers()});
}

Result<TfliteOptions> write(const graph::Graph& graph, const graph::Node& node,
                            flatbuffers::FlatBufferBuilder& builder) {
  MOTE_TRY(const Attributes attributes, resize::attributes(graph, node));
  if (attributes.bilinear)
    return TfliteOptions{
        BuiltinOptions::ResizeBilinearOptions,
        schema::CreateResizeBilinearOptions(builder, attributes.align_corners, attributes.half_pixel_centers)
            .Union()};
  return TfliteOptions{BuiltinOptions::ResizeNearestNeighborOptions,
                       schema::CreateResizeNearestNeighborOptions(builder, attributes.align_corners,
                                                                  attributes.half_pixel_centers)
                           .Union()};
}

std::int32_t version(const graph::Graph& graph, const graph::Node& node) {
  const bool shifted = resize::attributes(graph, node)->half_pixel_centers;
  const std::int32_t usual = usual_version(graph, node);
  return usual == 3 ? 4 : shifted ? 3 : usual;
}

BuiltinOperator code(const graph::Graph& graph, const graph::Node& node) {
  return kCodes[resize::attributes(graph, node)->bilinear ? 1 : 0];
}

}  // namespace

extern const Tflite kTflite = {kCodes, read, write, version, code};

}  // namespace mote::ops::resize
