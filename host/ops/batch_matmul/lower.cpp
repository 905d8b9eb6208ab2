// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "ops/batch_matmul/batch_matmul.h"
#include "ops/batch_matmul_lower.h"

namespace mote::ops::batch_matmul {
namespace {

Result<std::vector<Layer>> lower(const graph::Graph& graph, const graph::Node& node,
                                 const LowerOptions& options) {
  MOTE_TRY(const Attributes attributes, batch_matmul::attributes(graph, node));
  MOTE_TRY(const Sizes sizes, batch_matmul::sizes(graph, node, attributes));
  MatrixProduct product;
  std::ranges::copy(sizes.batch, product.shape.batch);
  std::ranges::copy(sizes.left_batch, product.shape.left_batch);
  std::ranges::copy(sizes.right_batch, product.shape.right_batch);
  product.shape.rows = sizes.rows;
  product.shape.depth = sizes.depth;
  product.shape.cols = sizes.cols;
  product.shape.left_transposed = attributes.left_transposed;
  product.shape.right_transposed = attributes.right_transposed;
  return lower_matrix_product(graph, node, options, product);
}

}  // namespace

extern const Lower kLower = {lower};

}  // namespace mote::ops::batch_matmul
