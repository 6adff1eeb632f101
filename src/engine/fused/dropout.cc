// Dropout whose mask is an integer hash of the element's place and the seed: nothing to store, and vectorised.
// The same bits as keepMask in src/engine/ops/dropout.ts.
#include "op.h"

using namespace tensorflow;

namespace {
// lowbias32 (Wellons 2018)
inline uint32_t mix(uint32_t z) {
  z = (z ^ (z >> 16)) * 0x21f0aaadu;
  z = (z ^ (z >> 15)) * 0x735a2d97u;
  return z ^ (z >> 15);
}

// y[k] for the n elements from place `start` on; 32-bit counters throughout, so that the compiler vectorises it.
void drop(const float* __restrict x, float* __restrict y, uint32_t start, int n, uint32_t first, uint32_t second,
          uint32_t threshold, float scale) {
  for (int k = 0; k < n; ++k) {
    const float factor = mix(mix((start + static_cast<uint32_t>(k)) ^ first) + second) >= threshold ? scale : 0.f;
    y[k] = x[k] * factor;
  }
}
}  // namespace

// Inputs: x of any shape, seed int32 [2].
class Dropout : public OpKernel {
 public:
  explicit Dropout(OpKernelConstruction* c) : OpKernel(c) { OP_REQUIRES_OK(c, c->GetAttr("rate", &rate_)); }

  void Compute(OpKernelContext* c) override {
    Tensor* y;
    OP_REQUIRES_OK(c, c->allocate_output(0, c->input(0).shape(), &y));
    const auto seed = c->input(1).flat<int32>();
    const uint32_t first = seed(0), second = seed(1);
    const uint32_t threshold = static_cast<uint32_t>(std::llround(static_cast<double>(rate_) * 4294967296.0));
    const float scale = 1 / (1 - rate_);
    const float* x = fun::read(c, 0);
    float* out = fun::write(y);
    fun::inParallel(c, y->NumElements(), 2, [=](int64_t begin, int64_t end) {
      drop(x + begin, out + begin, begin, end - begin, first, second, threshold, scale);
    });
  }

 private:
  float rate_;
};

REGISTER_OP("FunDropout")
    .Input("x: float").Input("seed: int32").Attr("rate: float").Output("y: float")
    .SetShapeFn(fun::likeFirstInput);
REGISTER_KERNEL_BUILDER(Name("FunDropout").Device(DEVICE_CPU), Dropout);
