// The exact GELU of x + bias in one pass over memory, and its gradient. See src/engine/ops/biasGelu.ts.
#include "op.h"

using namespace tensorflow;

namespace {

// Elements that one part of a row works on: they and their intermediate values stay in registers and the L1 cache.
constexpr int64_t kChunk = 256;
using Chunk = Eigen::Array<float, Eigen::Dynamic, 1, 0, kChunk, 1>;

// Calls f(offset, column, width) for every chunk of every row of a [N, H] tensor.
template <typename F>
void forChunks(OpKernelContext* c, const TensorShape& shape, int64_t cost, F f) {
  const int64_t N = shape.dim_size(0), H = shape.dim_size(1);
  fun::inParallel(c, N, H * cost, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      for (int64_t j = 0; j < H; j += kChunk) f(i * H + j, j, std::min(kChunk, H - j));
    }
  });
}

template <typename U>
auto normalCdf(const U& u) {
  return 0.5f * ((u * static_cast<float>(M_SQRT1_2)).erf() + 1.f);
}

}  // namespace

class BiasGelu : public OpKernel {
 public:
  using OpKernel::OpKernel;

  void Compute(OpKernelContext* c) override {
    Tensor* y;
    OP_REQUIRES_OK(c, c->allocate_output(0, c->input(0).shape(), &y));
    const float *x = fun::read(c, 0), *bias = fun::read(c, 1);
    float* out = fun::write(y);
    forChunks(c, y->shape(), 8, [&](int64_t at, int64_t column, int64_t width) {
      const Chunk u = fun::ConstRow(x + at, width) + fun::ConstRow(bias + column, width);
      fun::Row(out + at, width) = u * normalCdf(u);
    });
  }
};

class BiasGeluGrad : public OpKernel {
 public:
  using OpKernel::OpKernel;

  void Compute(OpKernelContext* c) override {
    Tensor* dx;
    OP_REQUIRES_OK(c, c->allocate_output(0, c->input(0).shape(), &dx));
    const float *dy = fun::read(c, 0), *x = fun::read(c, 1), *bias = fun::read(c, 2);
    float* out = fun::write(dx);
    constexpr float kInverseSqrtTwoPi = 0.3989422804014327f;
    forChunks(c, dx->shape(), 12, [&](int64_t at, int64_t column, int64_t width) {
      const Chunk u = fun::ConstRow(x + at, width) + fun::ConstRow(bias + column, width);
      const Chunk density = kInverseSqrtTwoPi * (-0.5f * u.square()).exp();
      fun::Row(out + at, width) = fun::ConstRow(dy + at, width) * (normalCdf(u) + u * density);
    });
  }
};

REGISTER_OP("FunBiasGelu")
    .Input("x: float").Input("bias: float").Output("y: float")
    .SetShapeFn(fun::likeFirstInput);
REGISTER_OP("FunBiasGeluGrad")
    .Input("dy: float").Input("x: float").Input("bias: float").Output("dx: float")
    .SetShapeFn(fun::likeFirstInput);
REGISTER_KERNEL_BUILDER(Name("FunBiasGelu").Device(DEVICE_CPU), BiasGelu);
REGISTER_KERNEL_BUILDER(Name("FunBiasGeluGrad").Device(DEVICE_CPU), BiasGeluGrad);
