// Without this symbol Node would unload the library again, and the registered operations with it.
extern "C" void* napi_register_module_v1(void*, void* exports) { return exports; }
