// One step of AdamW for one parameter in one pass over memory. See src/engine/ops/adamW.ts.
#include "op.h"

using namespace tensorflow;

// Inputs: parameter, gradient, m, v of one shape; factors [6] (see the enumeration).
class AdamW : public OpKernel {
 public:
  using OpKernel::OpKernel;
  enum { kBeta1, kBeta2, kEpsilon, kDecay, kStepSize, kVarianceScale };

  void Compute(OpKernelContext* c) override {
    const TensorShape& shape = c->input(0).shape();
    Tensor *parameter, *m, *v;
    OP_REQUIRES_OK(c, c->allocate_output(0, shape, &parameter));
    OP_REQUIRES_OK(c, c->allocate_output(1, shape, &m));
    OP_REQUIRES_OK(c, c->allocate_output(2, shape, &v));
    const float *p0 = fun::read(c, 0), *g = fun::read(c, 1), *m0 = fun::read(c, 2), *v0 = fun::read(c, 3);
    const float* f = fun::read(c, 4);
    const float beta1 = f[kBeta1], beta2 = f[kBeta2], epsilon = f[kEpsilon];
    const float decay = f[kDecay], stepSize = f[kStepSize], varianceScale = f[kVarianceScale];
    float *p1 = fun::write(parameter), *m1 = fun::write(m), *v1 = fun::write(v);
    fun::inParallel(c, shape.num_elements(), 8, [=](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        m1[i] = beta1 * m0[i] + (1 - beta1) * g[i];
        v1[i] = beta2 * v0[i] + (1 - beta2) * g[i] * g[i];
        p1[i] = p0[i] * decay - stepSize * m1[i] / (std::sqrt(v1[i]) * varianceScale + epsilon);
      }
    });
  }
};

REGISTER_OP("FunAdamW")
    .Input("parameter: float").Input("gradient: float").Input("m: float").Input("v: float").Input("factors: float")
    .Output("new_parameter: float").Output("new_m: float").Output("new_v: float")
    .SetShapeFn([](shape_inference::InferenceContext* c) {
      for (int i = 0; i < 3; ++i) c->set_output(i, c->input(0));
      return absl::OkStatus();
    });
REGISTER_KERNEL_BUILDER(Name("FunAdamW").Device(DEVICE_CPU), AdamW);
