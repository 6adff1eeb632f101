// The softmax of scaled, masked attention scores in one pass over memory, and its gradient.
// B batch, A heads, Q queries, T keys. See src/engine/ops/attentionProbabilities.ts.
#include "op.h"

using namespace tensorflow;

// Inputs: scores [B, A, Q, T], maskBias [B, T].
class AttentionProbabilities : public OpKernel {
 public:
  explicit AttentionProbabilities(OpKernelConstruction* c) : OpKernel(c) {
    OP_REQUIRES_OK(c, c->GetAttr("scale", &scale_));
  }

  void Compute(OpKernelContext* c) override {
    const TensorShape& shape = c->input(0).shape();
    const int64_t T = shape.dim_size(3), rows = shape.num_elements() / T, rowsOfExample = rows / shape.dim_size(0);
    Tensor* P;
    OP_REQUIRES_OK(c, c->allocate_output(0, shape, &P));
    const float *scores = fun::read(c, 0), *maskBias = fun::read(c, 1);
    float* out = fun::write(P);
    fun::inParallel(c, rows, T * 6, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        fun::Row p(out + i * T, T);
        p = fun::ConstRow(scores + i * T, T) * scale_ + fun::ConstRow(maskBias + i / rowsOfExample * T, T);
        p = (p - p.maxCoeff()).exp();
        p *= 1 / p.sum();
      }
    });
  }

 private:
  float scale_;
};

// Inputs: dP, P [B, A, Q, T].
class AttentionProbabilitiesGrad : public OpKernel {
 public:
  explicit AttentionProbabilitiesGrad(OpKernelConstruction* c) : OpKernel(c) {
    OP_REQUIRES_OK(c, c->GetAttr("scale", &scale_));
  }

  void Compute(OpKernelContext* c) override {
    const TensorShape& shape = c->input(0).shape();
    const int64_t T = shape.dim_size(3), rows = shape.num_elements() / T;
    Tensor* dScores;
    OP_REQUIRES_OK(c, c->allocate_output(0, shape, &dScores));
    const float *dP = fun::read(c, 0), *P = fun::read(c, 1);
    float* out = fun::write(dScores);
    fun::inParallel(c, rows, T * 3, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        const fun::ConstRow d(dP + i * T, T), p(P + i * T, T);
        fun::Row(out + i * T, T) = p * (d - (d * p).sum()) * scale_;
      }
    });
  }

 private:
  float scale_;
};

REGISTER_OP("FunAttentionProbabilities")
    .Input("scores: float").Input("mask_bias: float").Attr("scale: float").Output("p: float")
    .SetShapeFn(fun::likeFirstInput);
REGISTER_OP("FunAttentionProbabilitiesGrad")
    .Input("dp: float").Input("p: float").Attr("scale: float").Output("dscores: float")
    .SetShapeFn(fun::likeFirstInput);
REGISTER_KERNEL_BUILDER(Name("FunAttentionProbabilities").Device(DEVICE_CPU), AttentionProbabilities);
REGISTER_KERNEL_BUILDER(Name("FunAttentionProbabilitiesGrad").Device(DEVICE_CPU), AttentionProbabilitiesGrad);
