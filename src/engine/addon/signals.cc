// Keeps signals away from the threads that compute. oneDNN's matrix products, as TensorFlow 2.21 has them, point the
// stack pointer at a workspace on the heap (https://github.com/uxlfoundation/oneDNN/issues/4845): a signal that is
// handled meanwhile has its frame written over whatever lies below. So a thread of its own takes the signals, Ctrl-C
// among them; the loading thread, and TensorFlow's, which inherit its mask, block them. What Node does about a signal
// does not depend on the thread, and its child processes start with an empty mask.
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <initializer_list>

namespace {

void* takeSignals(void*) {
  for (;;) pause();
}

// All but those that a thread causes itself, and that of V8's profiler (node --cpu-prof), which must interrupt it.
sigset_t signalsOfOthers() {
  sigset_t set;
  sigfillset(&set);
  for (int own : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS, SIGPROF}) sigdelset(&set, own);
  return set;
}

// The profiler's handler asks for such a stack, and its frames are then written there.
void handleProfilerAside() {
  static char stack[1 << 16];
  stack_t before;
  if (sigaltstack(nullptr, &before) != 0 || !(before.ss_flags & SS_DISABLE)) return;
  stack_t aside = {};
  aside.ss_sp = stack;
  aside.ss_size = sizeof stack;
  sigaltstack(&aside, nullptr);
}

}  // namespace

extern "C" void* napi_register_module_v1(void*, void* exports) {
  pthread_t taker;
  if (pthread_create(&taker, nullptr, takeSignals, nullptr) == 0) {
    pthread_detach(taker);
    const sigset_t blocked = signalsOfOthers();
    pthread_sigmask(SIG_BLOCK, &blocked, nullptr);
  }
  handleProfilerAside();
  return exports;
}
