// Between activations [B·T, A·D], one row a token, and attention [B, A, T, D], one matrix a head: one copy each way,
// the bias added on the way in. B batch, T tokens, A heads, D head size.
#include <cstring>

#include "op.h"

using namespace tensorflow;

// Inputs: x [B·T, A·D], and for FunSplitHeadsBias bias [A·D].
class SplitHeads : public OpKernel {
 public:
  explicit SplitHeads(OpKernelConstruction* c) : OpKernel(c) {
    OP_REQUIRES_OK(c, c->GetAttr("tokens", &T));
    OP_REQUIRES_OK(c, c->GetAttr("heads", &A));
  }

  void Compute(OpKernelContext* c) override {
    const Tensor& x = c->input(0);
    const int64_t B = x.dim_size(0) / T, D = x.dim_size(1) / A;
    Tensor* y;
    OP_REQUIRES_OK(c, c->allocate_output(0, TensorShape({B, A, T, D}), &y));
    const float *in = x.flat<float>().data(), *bias = c->num_inputs() == 2 ? fun::read(c, 1) : nullptr;
    float* out = fun::write(y);
    fun::inParallel(c, B * A, T * D, [&](int64_t begin, int64_t end) {
      for (int64_t head = begin; head < end; ++head) {
        const int64_t b = head / A, a = head % A;
        for (int64_t t = 0; t < T; ++t) {
          const float* from = in + ((b * T + t) * A + a) * D;
          float* to = out + (head * T + t) * D;
          if (bias) {
            fun::Row(to, D) = fun::ConstRow(from, D) + fun::ConstRow(bias + a * D, D);
          } else {
            std::memcpy(to, from, D * sizeof(float));
          }
        }
      }
    });
  }

 private:
  int64_t T, A;
};

class MergeHeads : public OpKernel {
 public:
  using OpKernel::OpKernel;

  void Compute(OpKernelContext* c) override {
    const Tensor& x = c->input(0);
    const int64_t B = x.dim_size(0), A = x.dim_size(1), T = x.dim_size(2), D = x.dim_size(3);
    Tensor* y;
    OP_REQUIRES_OK(c, c->allocate_output(0, TensorShape({B * T, A * D}), &y));
    const float* in = x.flat<float>().data();
    float* out = fun::write(y);
    fun::inParallel(c, B * T, A * D, [&](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; ++row) {
        const int64_t b = row / T, t = row % T;
        for (int64_t a = 0; a < A; ++a) {
          std::memcpy(out + (row * A + a) * D, in + ((b * A + a) * T + t) * D, D * sizeof(float));
        }
      }
    });
  }
};

namespace {
Status unknownShape(shape_inference::InferenceContext* c) {
  c->set_output(0, c->UnknownShape());
  return absl::OkStatus();
}
}  // namespace

REGISTER_OP("FunSplitHeads")
    .Input("x: float").Attr("tokens: int").Attr("heads: int").Output("y: float")
    .SetShapeFn(unknownShape);
REGISTER_OP("FunSplitHeadsBias")
    .Input("x: float").Input("bias: float").Attr("tokens: int").Attr("heads: int").Output("y: float")
    .SetShapeFn(unknownShape);
REGISTER_OP("FunMergeHeads").Input("x: float").Output("y: float").SetShapeFn(unknownShape);
REGISTER_KERNEL_BUILDER(Name("FunSplitHeads").Device(DEVICE_CPU), SplitHeads);
REGISTER_KERNEL_BUILDER(Name("FunSplitHeadsBias").Device(DEVICE_CPU), SplitHeads);
REGISTER_KERNEL_BUILDER(Name("FunMergeHeads").Device(DEVICE_CPU), MergeHeads);
