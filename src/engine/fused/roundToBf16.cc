// The nearest bfloat16 numbers, as floats, in one pass over memory. See src/engine/ops/bf16Product.ts.
#include "op.h"

using namespace tensorflow;

namespace {
// Bits of a float → those of the nearest one whose lower half is 0, ties to even; of a NaN, the quiet NaN of its sign.
inline uint32_t nearest(uint32_t bits) {
  const bool isNan = (bits & 0x7fffffffu) > 0x7f800000u;
  const uint32_t rounded = (bits + 0x7fffu + ((bits >> 16) & 1u)) & 0xffff0000u;
  return isNan ? (bits & 0x80000000u) | 0x7fc00000u : rounded;
}

// A function of its own: within the lambda, the stores might reach its captures, and nothing is vectorised.
void roundAll(const float* __restrict x, float* __restrict y, int64_t n) {
  for (int64_t i = 0; i < n; ++i) {
    uint32_t bits;
    std::memcpy(&bits, x + i, sizeof bits);
    bits = nearest(bits);
    std::memcpy(y + i, &bits, sizeof bits);
  }
}
}  // namespace

class RoundToBf16 : public OpKernel {
 public:
  using OpKernel::OpKernel;

  void Compute(OpKernelContext* c) override {
    Tensor* y;
    OP_REQUIRES_OK(c, c->allocate_output(0, c->input(0).shape(), &y));
    const float* x = fun::read(c, 0);
    float* out = fun::write(y);
    fun::inParallel(c, y->NumElements(), 1, [=](int64_t begin, int64_t end) {
      roundAll(x + begin, out + begin, end - begin);
    });
  }
};

REGISTER_OP("FunRoundToBf16")
    .Input("x: float").Output("y: float")
    .SetShapeFn(fun::likeFirstInput);
REGISTER_KERNEL_BUILDER(Name("FunRoundToBf16").Device(DEVICE_CPU), RoundToBf16);
