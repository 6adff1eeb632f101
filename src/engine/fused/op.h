// What the fused operations share: TensorFlow's custom-op interface, rows as Eigen arrays, and work split over its threads.
#pragma once

#include <cstdint>
#include <cstring>

#include "Eigen/Core"
#include "tensorflow/core/framework/op.h"
#include "tensorflow/core/framework/op_kernel.h"
#include "tensorflow/core/framework/shape_inference.h"
#include "tensorflow/core/util/work_sharder.h"
#include "unsupported/Eigen/SpecialFunctions"

namespace fun {

using Row = Eigen::Map<Eigen::ArrayXf>;
using ConstRow = Eigen::Map<const Eigen::ArrayXf>;

inline const float* read(tensorflow::OpKernelContext* c, int input) { return c->input(input).flat<float>().data(); }
inline float* write(tensorflow::Tensor* output) { return output->flat<float>().data(); }

// Calls f(begin, end) for parts of [0, count) on TensorFlow's own threads. cost: about how many cycles one index takes.
template <typename Part>
void inParallel(tensorflow::OpKernelContext* c, int64_t count, int64_t cost, Part f) {
  const auto& workers = *c->device()->tensorflow_cpu_worker_threads();
  tensorflow::Shard(workers.num_threads, workers.workers, count, cost, f);
}

// The output has the shape of the first input.
inline absl::Status likeFirstInput(tensorflow::shape_inference::InferenceContext* c) {
  c->set_output(0, c->input(0));
  return absl::OkStatus();
}

}  // namespace fun
