// SPDX-License-Identifier: Apache-2.0
// Layouts of random graphs, run in one block of memory with noise in every dead byte, against the same layers
// with memory of its own for each value. The layers are invented, so that every kind of copy occurs.
#include "compile/plan/layout.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/random.h"
#include "execute/planned_executor.h"

namespace mote::compile {
namespace {

using graph::ValueId;
using ops::Access;
using testing::HasSubstr;

using Pointers = std::span<void* const>;

std::uint8_t* bytes_at(void* pointer) {
  return static_cast<std::uint8_t*>(pointer);
}

/// A graph of byte values with its layers; `size(v)` bytes each.
class Builder {
 public:
  ValueId value(std::int32_t bytes) {
    return graph_.add({"v", graph::DType::kInt8, {bytes}, std::nullopt, {}});
  }
  ValueId input(std::int32_t bytes) {
    graph_.inputs.push_back(value(bytes));
    return graph_.inputs.back();
  }
  ValueId state(std::int32_t bytes) {
    const ValueId id = value(bytes);
    graph_.value(id).is_state = true;
    return id;
  }
  std::int32_t size(ValueId id) const { return graph_.value(id).shape[0]; }

  /// out[k] = 3 in[k] + 1, in place if the planner likes.
  ValueId pointwise(ValueId in) {
    const ValueId out = value(size(in));
    add({read(in, 0), write(out)}, [bytes = size(in)](Pointers p, void*) {
      for (std::int32_t k = 0; k < bytes; ++k)
        bytes_at(p[1])[k] = static_cast<std::uint8_t>(3 * bytes_at(p[0])[k] + 1);
    });
    return out;
  }
  /// out[k] = a[k] + b[k], for the length of the shorter one; goes into either.
  ValueId sum(ValueId a, ValueId b) {
    const ValueId out = value(std::min(size(a), size(b)));
    add({read(a, 0), read(b, 0), write(out)}, [bytes = size(out)](Pointers p, void*) {
      for (std::int32_t k = 0; k < bytes; ++k)
        bytes_at(p[2])[k] = static_cast<std::uint8_t>(bytes_at(p[0])[k] + bytes_at(p[1])[k]);
    });
    return out;
  }
  /// Each byte of the output depends on each byte of the input; spoils its scratch memory.
  ValueId mix(ValueId in, std::int32_t bytes) {
    const ValueId out = value(bytes);
    add(
        {read(in, kernels::kDisjoint), write(out)},
        [count = size(in), bytes](Pointers p, void* scratch) {
          std::uint8_t* sum = bytes_at(scratch);
          *sum = 0;
          for (std::int32_t k = 0; k < count; ++k)
            *sum = static_cast<std::uint8_t>(*sum * 5 + bytes_at(p[0])[k]);
          for (std::int32_t k = 0; k < bytes; ++k) bytes_at(p[1])[k] = static_cast<std::uint8_t>(*sum + k);
        },
        3);
    return out;
  }
  ValueId slice(ValueId in, std::int32_t offset, std::int32_t bytes) {
    const ValueId out = value(bytes);
    copy(in, offset, out, 0, bytes);
    return out;
  }
  ValueId concatenate(ValueId a, ValueId b) {
    const ValueId out = value(size(a) + size(b));
    copy(a, 0, out, 0, size(a));
    copy(b, 0, out, size(a), size(b));
    return out;
  }
  /// out = a and b byte by byte, a layer for each.
  ValueId interleave(ValueId a, ValueId b) {
    const std::int32_t bytes = std::min(size(a), size(b));
    const ValueId out = value(2 * bytes);
    for (const ValueId part : {a, b})
      add({read(part, kernels::kDisjoint), write(out)},
          [bytes, first = part == a ? 0 : 1](Pointers p, void*) {
            for (std::int32_t k = 0; k < bytes; ++k) bytes_at(p[1])[2 * k + first] = bytes_at(p[0])[k];
          });
    return out;
  }
  /// out = in + state, which is then the state.
  ValueId accumulate(ValueId in, ValueId state) {
    const ValueId out = value(size(in));
    add({read(in, 0), write(out), {state, Access::kState}}, [bytes = size(in)](Pointers p, void*) {
      for (std::int32_t k = 0; k < bytes; ++k)
        bytes_at(p[1])[k] = bytes_at(p[2])[k] =
            static_cast<std::uint8_t>(bytes_at(p[2])[k] + bytes_at(p[0])[k]);
    });
    return out;
  }
  void output(ValueId id) { graph_.outputs.push_back(id); }

  const graph::Graph& graph() const { return graph_; }
  const std::vector<Layer>& layers() const { return layers_; }
  Layer& last_layer() { return layers_.back(); }

 private:
  static ops::Operand read(ValueId id, std::int32_t ahead) { return {id, Access::kRead, "int8_t", ahead}; }
  static ops::Operand write(ValueId id) { return {id, Access::kWrite, "int8_t"}; }

  void add(std::vector<ops::Operand> operands, std::function<void(Pointers, void*)> run,
           std::int32_t scratch_bytes = 0) {
    Layer layer;
    layer.op = "invented";
    layer.operands = std::move(operands);
    layer.scratch_bytes = scratch_bytes;
    layer.alignment_bytes = 1;
    layer.run = std::move(run);
    layers_.push_back(std::move(layer));
  }
  void copy(ValueId in, std::int32_t from, ValueId out, std::int32_t to, std::int32_t bytes) {
    add({read(in, kernels::kDisjoint), write(out)}, [from, to, bytes](Pointers p, void*) {
      std::copy_n(bytes_at(p[0]) + from, bytes, bytes_at(p[1]) + to);
    });
    layers_.back().copy = {from, to, bytes};
  }

  graph::Graph graph_;
  std::vector<Layer> layers_;
};

/// Every value with memory of its own.
class Plain {
 public:
  explicit Plain(const Builder& builder) : builder_(builder), values_(builder.graph().values.size()) {
    for (std::size_t id = 0; id < values_.size(); ++id)
      values_[id].resize(static_cast<std::size_t>(builder.size(static_cast<ValueId>(id))));
  }
  void run(const std::vector<std::uint8_t>& inputs) {
    auto from = inputs.begin();
    for (const ValueId id : builder_.graph().inputs) {
      std::copy_n(from, builder_.size(id), value(id).begin());
      from += builder_.size(id);
    }
    std::uint8_t scratch[4];
    for (const Layer& layer : builder_.layers()) {
      std::vector<void*> pointers;
      for (const ops::Operand& operand : layer.operands) pointers.push_back(value(operand.value).data());
      layer.run(pointers, scratch);
    }
  }
  std::vector<std::uint8_t>& value(ValueId id) { return values_[static_cast<std::size_t>(id)]; }

 private:
  const Builder& builder_;
  std::vector<std::vector<std::uint8_t>> values_;
};

/// Whether three runs give the same bytes in every value as it becomes complete, and in every output.
void expect_equal_runs(const Builder& builder, std::uint64_t seed) {
  auto laid_out = lay_out(builder.graph(), builder.layers());
  ASSERT_TRUE(laid_out.has_value()) << laid_out.error().what;
  const Layout layout = laid_out->layout;
  execute::PlannedExecutor planned(builder.graph(), std::move(laid_out->layers), layout);
  planned.set_noise(seed);
  Plain plain(builder);
  Rng rng(seed);
  for (int run = 0; run < 3; ++run) {
    std::vector<std::uint8_t> inputs;
    for (const ValueId id : builder.graph().inputs)
      for (std::int32_t k = 0; k < builder.size(id); ++k)
        inputs.push_back(static_cast<std::uint8_t>(rng.bits()));
    plain.run(inputs);
    const auto ran = planned.run(inputs, [&](std::int32_t layer) {
      for (std::size_t id = 0; id < layout.complete_after.size(); ++id) {
        if (layout.complete_after[id] != layer) continue;
        EXPECT_THAT(planned.value(static_cast<ValueId>(id)),
                    testing::ElementsAreArray(plain.value(static_cast<ValueId>(id))))
            << "value " << id << ", seed " << seed;
      }
    });
    ASSERT_TRUE(ran.has_value()) << ran.error().what;
    for (const ValueId id : builder.graph().outputs)
      ASSERT_THAT(planned.value(id), testing::ElementsAreArray(plain.value(id))) << "seed " << seed;
  }
}

Builder random_model(std::uint64_t seed) {
  Rng rng(seed);
  Builder b;
  std::vector<ValueId> known;
  const auto any = [&] {
    return known[known.size() - 1 - rng.below(std::min<std::size_t>(known.size(), 4))];
  };
  for (std::uint64_t inputs = 1 + rng.below(2); inputs > 0; --inputs)
    known.push_back(b.input(static_cast<std::int32_t>(1 + rng.below(16))));
  for (std::uint64_t steps = 2 + rng.below(12); steps > 0; --steps) {
    const ValueId from = any();
    const auto bytes = static_cast<std::int32_t>(1 + rng.below(static_cast<std::uint64_t>(b.size(from))));
    switch (rng.below(7)) {
      case 0:
        known.push_back(b.pointwise(from));
        break;
      case 1:
        known.push_back(b.sum(from, any()));
        break;
      case 2:
        known.push_back(b.mix(from, static_cast<std::int32_t>(1 + rng.below(24))));
        break;
      case 3:
        known.push_back(b.slice(from, b.size(from) - bytes, bytes));
        break;
      case 4:
        known.push_back(b.concatenate(from, any()));
        break;
      case 5:
        if (const ValueId other = any(); other != from) known.push_back(b.interleave(from, other));
        break;
      default:
        known.push_back(b.accumulate(from, b.state(b.size(from))));
    }
  }
  for (const ValueId id : known) {
    const bool is_read = std::ranges::any_of(b.layers(), [&](const Layer& layer) {
      return std::ranges::any_of(layer.operands, [&](const ops::Operand& operand) {
        return operand.value == id && operand.access == Access::kRead;
      });
    });
    if (!is_read) b.output(id);
  }
  return b;
}

TEST(Layout, RandomModelsComputeTheSameInOneBlockOfMemory) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) expect_equal_runs(random_model(seed), seed);
}

TEST(Layout, SaysWhenAValueIsComplete) {
  Builder b;
  const ValueId in = b.input(4);
  const ValueId left = b.mix(in, 8);
  const ValueId right = b.mix(in, 8);
  const ValueId both = b.concatenate(left, right);
  b.output(b.mix(both, 2));
  const auto laid_out = lay_out(b.graph(), b.layers());
  ASSERT_TRUE(laid_out.has_value());
  EXPECT_EQ(laid_out->layers.size(), 3u) << "the copies are gone";
  EXPECT_THAT(laid_out->layout.complete_after, testing::ElementsAre(-1, -1, -1, 1, 2))
      << "what only a copy read that is gone is part of another value";
}

TEST(Layout, StatesLieInABlockOfTheirOwn) {
  Builder b;
  const ValueId in = b.input(5);
  const ValueId first = b.state(5);
  const ValueId second = b.state(5);
  b.output(b.accumulate(b.accumulate(in, first), second));
  const auto laid_out = lay_out(b.graph(), b.layers());
  ASSERT_TRUE(laid_out.has_value());
  EXPECT_EQ(laid_out->layout.total_bytes, 5) << "all in place";
  EXPECT_EQ(laid_out->layout.state_bytes, 16);
  EXPECT_EQ(laid_out->layout.value_offsets[static_cast<std::size_t>(second)], 8);
}

TEST(Layout, ValuesAreAlignedForTheirTypesAndTheLayersThatUseThem) {
  Builder b;
  const ValueId in = b.input(3);
  const ValueId out = b.mix(b.mix(in, 3), 3);
  b.output(out);
  b.last_layer().alignment_bytes = 4;
  const auto laid_out = lay_out(b.graph(), b.layers());
  ASSERT_TRUE(laid_out.has_value());
  EXPECT_EQ(laid_out->layout.value_offsets[static_cast<std::size_t>(out)] % 4, 0);
  EXPECT_EQ(laid_out->layout.alignment_bytes, 4);
}

TEST(Layout, RefusesWhatNoMicrocontrollerHolds) {
  Builder b;
  b.output(b.mix(b.input(60 << 20), 60 << 20));
  const auto large = lay_out(b.graph(), b.layers());
  ASSERT_FALSE(large.has_value());
  EXPECT_EQ(large.error().kind, ErrorKind::kInput);
  EXPECT_THAT(large.error().what, HasSubstr("bytes of memory, at most 67108864 are supported"));
  Builder huge;
  huge.output(huge.mix(huge.mix(huge.input(1 << 30), 1 << 30), 1 << 30));
  EXPECT_THAT(lay_out(huge.graph(), huge.layers()).error().what,
              HasSubstr("activations are 3221225478 bytes all together, at most 2147483647 are supported"));
}

TEST(Layout, RefusesACopyOfWhatIsNotThere) {
  Builder b;
  b.output(b.slice(b.input(8), 4, 4));
  b.last_layer().copy = {5, 0, 4};
  EXPECT_EQ(lay_out(b.graph(), b.layers()).error().what, "a layer of invented copies what is not there");
}

TEST(PlannedExecutor, NoiseShowsALayoutThatIsWrong) {
  Builder b;
  const ValueId in = b.input(4);
  const ValueId kept = b.mix(in, 4);
  const ValueId other = b.mix(b.slice(in, 1, 2), 4);
  b.output(b.sum(kept, other));
  auto laid_out = lay_out(b.graph(), b.layers());
  ASSERT_TRUE(laid_out.has_value());
  Plain plain(b);
  plain.run({1, 2, 3, 4});
  const auto result_with = [&](const Layout& layout) {
    execute::PlannedExecutor planned(b.graph(), laid_out->layers, layout);
    planned.set_noise(1);
    EXPECT_TRUE(planned.run(std::vector<std::uint8_t>{1, 2, 3, 4}).has_value());
    return std::vector<std::uint8_t>(planned.output(0).begin(), planned.output(0).end());
  };
  EXPECT_EQ(result_with(laid_out->layout), plain.value(b.graph().outputs[0]));
  Layout wrong = laid_out->layout;
  wrong.value_offsets[static_cast<std::size_t>(kept)] = wrong.value_offsets[static_cast<std::size_t>(other)];
  EXPECT_NE(result_with(wrong), plain.value(b.graph().outputs[0]));
}

TEST(PlannedExecutor, SeesWritesBeyondTheMemory) {
  Builder b;
  b.output(b.pointwise(b.input(16)));
  auto laid_out = lay_out(b.graph(), b.layers());
  ASSERT_TRUE(laid_out.has_value());
  laid_out->layers[0].run = [](Pointers p, void*) { bytes_at(p[1])[16] = 0; };
  execute::PlannedExecutor planned(b.graph(), laid_out->layers, laid_out->layout);
  EXPECT_EQ(planned.run(std::vector<std::uint8_t>(16)).error().what,
            "a layer wrote beyond the model's memory");
  EXPECT_EQ(planned.run(std::vector<std::uint8_t>(15)).error().what, "15 bytes given, the model expects 16");
}

}  // namespace
}  // namespace mote::compile
