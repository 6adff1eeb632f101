// Loads TensorFlow's library before the addon does, and holds back what it prints then at information level (about
// oneDNN, on every start, whatever TF_CPP_MIN_LOG_LEVEL says). Everything else that it prints comes through.
#include <dlfcn.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <string>

namespace {

bool isInformation(const char* line) {
  return std::strncmp(line, "I0000 ", 6) == 0 || std::strncmp(line, "WARNING: All log messages before absl::", 39) == 0;
}

std::string beside(const char* name) {
  Dl_info self;
  dladdr(reinterpret_cast<void*>(&isInformation), &self);
  const std::string path = self.dli_fname;
  return path.substr(0, path.rfind('/') + 1) + name;
}

void loadQuietly(const std::string& library) {
  std::FILE* said = std::tmpfile();
  const int standardError = dup(STDERR_FILENO);
  if (!said || standardError < 0) return;  // the addon will load the library, less quietly
  dup2(fileno(said), STDERR_FILENO);
  dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);  // if it fails, the addon fails too, and Node says why
  dup2(standardError, STDERR_FILENO);
  close(standardError);
  std::rewind(said);
  char line[4096];
  while (std::fgets(line, sizeof line, said)) {
    if (!isInformation(line)) std::fputs(line, stderr);
  }
  std::fclose(said);
}

}  // namespace

extern "C" void* napi_register_module_v1(void*, void* exports) {
  loadQuietly(beside(TENSORFLOW_LIBRARY));
  return exports;
}
