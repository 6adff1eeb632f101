// Layer normalisation over the last axis with the residual added in the same pass over memory, and its gradient.
// N rows, H width. See src/engine/ops/layerNorm.ts for the formulas.
#include "op.h"

using namespace tensorflow;

// Inputs: x [N, H], gamma [H], beta [H], and for FunResidualLayerNorm residual [N, H].
class LayerNorm : public OpKernel {
 public:
  explicit LayerNorm(OpKernelConstruction* c) : OpKernel(c) { OP_REQUIRES_OK(c, c->GetAttr("epsilon", &epsilon_)); }

  void Compute(OpKernelContext* c) override {
    const TensorShape& shape = c->input(0).shape();
    const int64_t N = shape.dim_size(0), H = shape.dim_size(1);
    Tensor *y, *normalized, *inverseStd;
    OP_REQUIRES_OK(c, c->allocate_output(0, shape, &y));
    OP_REQUIRES_OK(c, c->allocate_output(1, shape, &normalized));
    OP_REQUIRES_OK(c, c->allocate_output(2, TensorShape({N}), &inverseStd));
    const float *x = fun::read(c, 0), *residual = c->num_inputs() == 4 ? fun::read(c, 3) : nullptr;
    const fun::ConstRow gamma(fun::read(c, 1), H), beta(fun::read(c, 2), H);
    float *out = fun::write(y), *hat = fun::write(normalized), *inverse = fun::write(inverseStd);
    fun::inParallel(c, N, H * 4, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        fun::Row h(hat + i * H, H);
        h = fun::ConstRow(x + i * H, H);
        if (residual) h += fun::ConstRow(residual + i * H, H);
        h -= h.mean();
        inverse[i] = 1 / std::sqrt(h.square().mean() + epsilon_);
        h *= inverse[i];
        fun::Row(out + i * H, H) = h * gamma + beta;
      }
    });
  }

 private:
  float epsilon_;
};

class LayerNormGrad : public OpKernel {
 public:
  using OpKernel::OpKernel;

  void Compute(OpKernelContext* c) override {
    const TensorShape& shape = c->input(0).shape();
    const int64_t N = shape.dim_size(0), H = shape.dim_size(1);
    Tensor* dx;
    OP_REQUIRES_OK(c, c->allocate_output(0, shape, &dx));
    const float *dy = fun::read(c, 0), *hat = fun::read(c, 1), *inverse = fun::read(c, 2);
    const fun::ConstRow gamma(fun::read(c, 3), H);
    float* out = fun::write(dx);
    fun::inParallel(c, N, H * 4, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        const fun::ConstRow h(hat + i * H, H);
        fun::Row g(out + i * H, H);
        g = fun::ConstRow(dy + i * H, H) * gamma;
        const float mean = g.mean(), along = (g * h).mean();
        g = (g - mean - h * along) * inverse[i];
      }
    });
  }
};

namespace {
Status layerNormShapes(shape_inference::InferenceContext* c) {
  c->set_output(0, c->input(0));
  c->set_output(1, c->input(0));
  c->set_output(2, c->Vector(c->Dim(c->input(0), 0)));
  return absl::OkStatus();
}
}  // namespace

REGISTER_OP("FunLayerNorm")
    .Input("x: float").Input("gamma: float").Input("beta: float").Attr("epsilon: float")
    .Output("y: float").Output("normalized: float").Output("inverse_std: float")
    .SetShapeFn(layerNormShapes);
REGISTER_OP("FunResidualLayerNorm")
    .Input("x: float").Input("gamma: float").Input("beta: float").Input("residual: float").Attr("epsilon: float")
    .Output("y: float").Output("normalized: float").Output("inverse_std: float")
    .SetShapeFn(layerNormShapes);
REGISTER_OP("FunLayerNormGrad")
    .Input("dy: float").Input("normalized: float").Input("inverse_std: float").Input("gamma: float")
    .Output("dx: float")
    .SetShapeFn(fun::likeFirstInput);
REGISTER_KERNEL_BUILDER(Name("FunLayerNorm").Device(DEVICE_CPU), LayerNorm);
REGISTER_KERNEL_BUILDER(Name("FunResidualLayerNorm").Device(DEVICE_CPU), LayerNorm);
REGISTER_KERNEL_BUILDER(Name("FunLayerNormGrad").Device(DEVICE_CPU), LayerNormGrad);
