// SPDX-License-Identifier: Apache-2.0
#pragma once

// The inner loop of Conv2dBlocked in assembly: a few pixels with four channels.
//
// GCC, left alone, loads ahead and keeps sums on the stack. Each loop is in one piece with all registers of
// its core; the sums begin at 0.

#include <stdint.h>

#include "mote/core/config.h"

namespace mote {
namespace kernels {
namespace detail {

#if defined(__ARM_ARCH_ISA_THUMB) && __ARM_ARCH_ISA_THUMB == 1 && defined(__OPTIMIZE__) && !defined(__clang__)

/// The pixels that multiply_pixels_by_four() takes; 0 where there is no such code.
constexpr int32_t kPixelsOfAssembly = 2;

/// `to` [out] [pixels][4]: the sums over the inputs, one at least, of products of
/// `patches` [in] [inputs][pixels] up to `end` with `weights` [in] [inputs][4], aligned to 4 bytes.
///
/// Six sums are in the registers that little but additions reach, and the four weights come from one word.
MOTE_INLINE void multiply_pixels_by_four(const int32_t* patches, const int32_t* end, const int8_t* weights,
                                         int32_t* to) {
  uint32_t odd = static_cast<uint32_t>((end - patches) / kPixelsOfAssembly % 2);
  uint32_t a0, a1;
#define MOTE_CONV_2D_ADD(sum) \
  "muls %[to], %[end]\n\t"    \
  "add " sum ", %[to]\n\t"
#define MOTE_CONV_2D_PIXEL(sum0, sum1, sum2, sum3) \
  "ldm %[patches]!, {%[end]}\n\t"                                          \
  "sxtb %[to], %[word]\n\t" MOTE_CONV_2D_ADD(sum0)                         \
  "asrs %[to], %[word], #24\n\t" MOTE_CONV_2D_ADD(sum3)                    \
  "lsls %[word], %[word], #8\n\t"                                          \
  "asrs %[to], %[word], #24\n\t" MOTE_CONV_2D_ADD(sum2)                    \
  "lsls %[word], %[word], #8\n\t"                                          \
  "asrs %[to], %[word], #24\n\t" MOTE_CONV_2D_ADD(sum1)
#define MOTE_CONV_2D_INPUT                                                                                   \
  "ldr %[word], [%[weights]]\n\t" MOTE_CONV_2D_PIXEL(                                                        \
      "%[a0]", "%[a1]", "r8", "r9") "ldm %[weights]!, {%[word]}\n\t" MOTE_CONV_2D_PIXEL("r10", "r11", "r12", \
                                                                                        "lr")
#define MOTE_CONV_2D_STORE(sum) "mov %[a0], " sum "\n\tstm %[to]!, {%[a0]}\n\t"
  // From the push on `end` holds an input and `to` a product.
  asm volatile(
      ".syntax unified\n\t"
      "push {%[end]}\n\t"
      "push {%[to]}\n\t"
      "movs %[a0], #0\n\t"
      "movs %[a1], #0\n\t"
      "mov r8, %[a0]\n\t"
      "mov r9, %[a0]\n\t"
      "mov r10, %[a0]\n\t"
      "mov r11, %[a0]\n\t"
      "mov r12, %[a0]\n\t"
      "mov lr, %[a0]\n\t"
      "cmp %[word], #0\n\t"
      "bne 2f\n\t"
      "1:\n\t"  //
      MOTE_CONV_2D_INPUT "2:\n\t" MOTE_CONV_2D_INPUT
      "ldr %[end], [sp, #4]\n\t"
      "cmp %[patches], %[end]\n\t"
      "bne 1b\n\t"
      "pop {%[to]}\n\t"
      "pop {%[end]}\n\t"
      "stm %[to]!, {%[a0]}\n\t"
      "stm %[to]!, {%[a1]}\n\t"  //
      MOTE_CONV_2D_STORE("r8") MOTE_CONV_2D_STORE("r9") MOTE_CONV_2D_STORE("r10") MOTE_CONV_2D_STORE("r11")
          MOTE_CONV_2D_STORE("r12") MOTE_CONV_2D_STORE("lr") ".syntax divided"
      : [a0] "=&l"(a0), [a1] "=&l"(a1), [patches] "+l"(patches), [weights] "+l"(weights), [end] "+l"(end),
        [to] "+l"(to), [word] "+l"(odd)
      :
      : "cc", "memory", "r8", "r9", "r10", "r11", "r12", "lr");
#undef MOTE_CONV_2D_STORE
#undef MOTE_CONV_2D_INPUT
#undef MOTE_CONV_2D_PIXEL
#undef MOTE_CONV_2D_ADD
}

#elif defined(__ARM_ARCH_ISA_THUMB) && __ARM_ARCH_ISA_THUMB >= 2 && defined(__OPTIMIZE__)

constexpr int32_t kPixelsOfAssembly = 2;

/// As above. The loop takes four inputs and is entered so that it ends with the last one.
MOTE_INLINE void multiply_pixels_by_four(const int32_t* patches, const int32_t* end, const int8_t* weights,
                                         int32_t* to) {
  int32_t a0 = 0, a1 = 0, a2 = 0, a3 = 0, b0 = 0, b1 = 0, b2 = 0, b3 = 0, x, y, w;
#define MOTE_CONV_2D_CHANNEL(sum0, sum1) \
  "ldrsb.w %[w], [%[weights]], #1\n\t"   \
  "mla %[" sum0 "], %[x], %[w], %[" sum0 \
  "]\n\t"                                \
  "mla %[" sum1 "], %[y], %[w], %[" sum1 "]\n\t"
#define MOTE_CONV_2D_INPUT                                                                                  \
  "ldrd %[x], %[y], [%[patches]], #8\n\t" MOTE_CONV_2D_CHANNEL("a0", "b0") MOTE_CONV_2D_CHANNEL("a1", "b1") \
      MOTE_CONV_2D_CHANNEL("a2", "b2") MOTE_CONV_2D_CHANNEL("a3", "b3")
  asm("sub %[x], %[patches], %[end]\n\t"
      "ubfx %[x], %[x], #3, #2\n\t"
      "movs %[w], #52\n\t"  // bytes of code of an input
      "adr.w %[y], 1f\n\t"
      "mla %[w], %[x], %[w], %[y]\n\t"
      "orr %[w], %[w], #1\n\t"
      "bx %[w]\n\t"
      ".balign 4\n\t"
      "1:\n\t"  //
      MOTE_CONV_2D_INPUT MOTE_CONV_2D_INPUT MOTE_CONV_2D_INPUT MOTE_CONV_2D_INPUT
      "cmp %[patches], %[end]\n\t"
      "bne 1b"
      : [a0] "+r"(a0), [a1] "+r"(a1), [a2] "+r"(a2), [a3] "+r"(a3), [b0] "+r"(b0), [b1] "+r"(b1),
        [b2] "+r"(b2), [b3] "+r"(b3), [patches] "+r"(patches), [weights] "+r"(weights), [x] "=&r"(x),
        [y] "=&r"(y), [w] "=&r"(w)
      : [end] "r"(end)
      : "cc", "memory");
#undef MOTE_CONV_2D_INPUT
#undef MOTE_CONV_2D_CHANNEL
  to[0] = a0;
  to[1] = a1;
  to[2] = a2;
  to[3] = a3;
  to[4] = b0;
  to[5] = b1;
  to[6] = b2;
  to[7] = b3;
}

#elif defined(__riscv_mul) && __riscv_xlen == 32 && !defined(__riscv_32e) && defined(__OPTIMIZE__)

constexpr int32_t kPixelsOfAssembly = 4;

/// As above.
MOTE_INLINE void multiply_pixels_by_four(const int32_t* patches, const int32_t* end, const int8_t* weights,
                                         int32_t* to) {
#define MOTE_CONV_2D_ADD(sum, weight) "mul a5, a4, " weight "\n\tadd " sum ", " sum ", a5\n\t"
#define MOTE_CONV_2D_PIXEL(x, sum0, sum1, sum2, sum3)                                      \
  "lw a4, " x "(%[patches])\n\t" MOTE_CONV_2D_ADD(sum0, "a6") MOTE_CONV_2D_ADD(sum1, "a7") \
      MOTE_CONV_2D_ADD(sum2, "t5") MOTE_CONV_2D_ADD(sum3, "t6")
#define MOTE_CONV_2D_INPUT(w0, w1, w2, w3, x0, x1, x2, x3)                                          \
  "lb a6, " w0                                                                                      \
  "(%[weights])\n\t"                                                                                \
  "lb a7, " w1                                                                                      \
  "(%[weights])\n\t"                                                                                \
  "lb t5, " w2                                                                                      \
  "(%[weights])\n\t"                                                                                \
  "lb t6, " w3 "(%[weights])\n\t" MOTE_CONV_2D_PIXEL(x0, "t0", "t1", "t2", "t3")                    \
      MOTE_CONV_2D_PIXEL(x1, "t4", "s1", "s2", "s3") MOTE_CONV_2D_PIXEL(x2, "s4", "s5", "s6", "s7") \
          MOTE_CONV_2D_PIXEL(x3, "s8", "s9", "s10", "s11")
#define MOTE_CONV_2D_ZERO(sum, offset) "li " sum ", 0\n\t"
#define MOTE_CONV_2D_STORE(sum, offset) "sw " sum ", " offset "(%[to])\n\t"
#define MOTE_CONV_2D_SUMS(each)                                                                             \
  each("t0", "0") each("t1", "4") each("t2", "8") each("t3", "12") each("t4", "16") each("s1", "20")        \
      each("s2", "24") each("s3", "28") each("s4", "32") each("s5", "36") each("s6", "40") each("s7", "44") \
          each("s8", "48") each("s9", "52") each("s10", "56") each("s11", "60")
  asm volatile(
      MOTE_CONV_2D_SUMS(MOTE_CONV_2D_ZERO)
      // An odd number of inputs begins in the middle.
      "sub a4, %[end], %[patches]\n\t"
      "andi a4, a4, 16\n\t"
      "beqz a4, 1f\n\t"
      "addi %[patches], %[patches], -16\n\t"
      "addi %[weights], %[weights], -4\n\t"
      "j 2f\n"
      "1:\n\t"  //
      MOTE_CONV_2D_INPUT("0", "1", "2", "3", "0", "4", "8", "12")
      "2:\n\t"  //
      MOTE_CONV_2D_INPUT("4", "5", "6", "7", "16", "20", "24", "28")
      "addi %[patches], %[patches], 32\n\t"
      "addi %[weights], %[weights], 8\n\t"
      "bne %[patches], %[end], 1b\n\t"  //
      MOTE_CONV_2D_SUMS(MOTE_CONV_2D_STORE)
      : [patches] "+r"(patches), [weights] "+r"(weights)
      : [end] "r"(end), [to] "r"(to)
      : "memory", "t0", "t1", "t2", "t3", "t4", "t5", "t6", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8",
        "s9", "s10", "s11", "a4", "a5", "a6", "a7");
#undef MOTE_CONV_2D_SUMS
#undef MOTE_CONV_2D_STORE
#undef MOTE_CONV_2D_ZERO
#undef MOTE_CONV_2D_INPUT
#undef MOTE_CONV_2D_PIXEL
#undef MOTE_CONV_2D_ADD
}

#else

constexpr int32_t kPixelsOfAssembly = 0;
MOTE_INLINE void multiply_pixels_by_four(const int32_t*, const int32_t*, const int8_t*, int32_t*) {}

#endif

}  // namespace detail
}  // namespace kernels
}  // namespace mote
