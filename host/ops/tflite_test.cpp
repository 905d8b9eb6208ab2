// SPDX-License-Identifier: Apache-2.0
// A model that runs on TensorFlow Lite Micro is either taken, or refused with what to do about it.
#include "ops/tflite.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string_view>

#include "ops/refused.h"

namespace mote::ops {
namespace {

using Code = tflite_schema::BuiltinOperator;
using testing::HasSubstr;

/// What TensorFlow Lite Micro has, by the names in its micro_mutable_op_resolver.h (August 2026).
constexpr Code kBuiltins[] = {Code::ABS,
                              Code::ADD,
                              Code::ADD_N,
                              Code::ARG_MAX,
                              Code::ARG_MIN,
                              Code::ASSIGN_VARIABLE,
                              Code::AVERAGE_POOL_2D,
                              Code::BATCH_MATMUL,
                              Code::BATCH_TO_SPACE_ND,
                              Code::BROADCAST_ARGS,
                              Code::BROADCAST_TO,
                              Code::CALL_ONCE,
                              Code::CAST,
                              Code::CEIL,
                              Code::CONCATENATION,
                              Code::CONV_2D,
                              Code::COS,
                              Code::CUMSUM,
                              Code::DEPTHWISE_CONV_2D,
                              Code::DEPTH_TO_SPACE,
                              Code::DEQUANTIZE,
                              Code::DIV,
                              Code::DYNAMIC_UPDATE_SLICE,
                              Code::ELU,
                              Code::EMBEDDING_LOOKUP,
                              Code::EQUAL,
                              Code::EXP,
                              Code::EXPAND_DIMS,
                              Code::FILL,
                              Code::FLOOR,
                              Code::FLOOR_DIV,
                              Code::FLOOR_MOD,
                              Code::FULLY_CONNECTED,
                              Code::GATHER,
                              Code::GATHER_ND,
                              Code::GREATER,
                              Code::GREATER_EQUAL,
                              Code::HARD_SWISH,
                              Code::IF,
                              Code::L2_NORMALIZATION,
                              Code::L2_POOL_2D,
                              Code::LEAKY_RELU,
                              Code::LESS,
                              Code::LESS_EQUAL,
                              Code::LOG,
                              Code::LOGICAL_AND,
                              Code::LOGICAL_NOT,
                              Code::LOGICAL_OR,
                              Code::LOGISTIC,
                              Code::LOG_SOFTMAX,
                              Code::MAXIMUM,
                              Code::MAX_POOL_2D,
                              Code::MEAN,
                              Code::MINIMUM,
                              Code::MIRROR_PAD,
                              Code::MUL,
                              Code::NEG,
                              Code::NOT_EQUAL,
                              Code::PACK,
                              Code::PAD,
                              Code::PADV2,
                              Code::PRELU,
                              Code::QUANTIZE,
                              Code::READ_VARIABLE,
                              Code::REDUCE_ALL,
                              Code::REDUCE_MAX,
                              Code::REDUCE_MIN,
                              Code::RELU,
                              Code::RELU6,
                              Code::RESHAPE,
                              Code::RESIZE_BILINEAR,
                              Code::RESIZE_NEAREST_NEIGHBOR,
                              Code::REVERSE_V2,
                              Code::ROUND,
                              Code::RSQRT,
                              Code::SELECT_V2,
                              Code::SHAPE,
                              Code::SIN,
                              Code::SLICE,
                              Code::SOFTMAX,
                              Code::SPACE_TO_BATCH_ND,
                              Code::SPACE_TO_DEPTH,
                              Code::SPLIT,
                              Code::SPLIT_V,
                              Code::SQRT,
                              Code::SQUARE,
                              Code::SQUARED_DIFFERENCE,
                              Code::SQUEEZE,
                              Code::STRIDED_SLICE,
                              Code::SUB,
                              Code::SUM,
                              Code::SVDF,
                              Code::TANH,
                              Code::TRANSPOSE,
                              Code::TRANSPOSE_CONV,
                              Code::UNIDIRECTIONAL_SEQUENCE_LSTM,
                              Code::UNPACK,
                              Code::VAR_HANDLE,
                              Code::WHILE,
                              Code::ZEROS_LIKE};
constexpr std::string_view kCustoms[] = {"CIRCULAR_BUFFER",
                                         "SignalDelay",
                                         "SignalEnergy",
                                         "SignalFftAutoScale",
                                         "SignalFilterBank",
                                         "SignalFilterBankLog",
                                         "SignalFilterBankSpectralSubtraction",
                                         "SignalFilterBankSquareRoot",
                                         "SignalFramer",
                                         "SignalIrfft",
                                         "SignalOverlapAdd",
                                         "SignalPCAN",
                                         "SignalRfft",
                                         "SignalStacker",
                                         "SignalWindow",
                                         "TFLM_DECODE",
                                         "TFLite_Detection_PostProcess",
                                         "ethos-u"};

TEST(OperatorsOfTfliteMicro, AreSupportedOrRefusedWithAReason) {
  const std::string_view missing = refusal(static_cast<Code>(-1));
  for (const Code code : kBuiltins) {
    const bool is_supported = !find_op(code).empty();
    EXPECT_NE(is_supported, refusal(code) != missing) << tflite_schema::EnumNameBuiltinOperator(code);
  }
  for (const std::string_view name : kCustoms)
    EXPECT_NE(!find_custom_op(name).empty(), refusal_of_custom(name) != refusal_of_custom("nobody's"))
        << name;
}

TEST(RefusedCustom, SaysWhatToDo) {
  EXPECT_THAT(std::string(refusal_of_custom("TFLM_DECODE")),
              HasSubstr("import the model as it was before it was compressed"));
  EXPECT_THAT(std::string(refusal_of_custom("FlexErf")),
              HasSubstr("convert the model without SELECT_TF_OPS"));
  EXPECT_THAT(std::string(refusal_of_custom("SignalIrfft")),
              HasSubstr("with frames of samples as its input"));
  EXPECT_EQ(refusal_of_custom("Mfcc2"), "Mote does not have this custom operator");
}

}  // namespace
}  // namespace mote::ops
