// libnvrtc: compiles CUDA C++ with g++ for the software device. Signatures and codes as in NVIDIA's nvrtc.h.
#include <dlfcn.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "software.h"
#include "translate.h"

extern char **environ;

namespace {

namespace fs = std::filesystem;

enum nvrtcResult : int {
  NVRTC_SUCCESS = 0,
  NVRTC_ERROR_INVALID_INPUT = 3,
  NVRTC_ERROR_INVALID_PROGRAM = 4,
  NVRTC_ERROR_INVALID_OPTION = 5,
  NVRTC_ERROR_COMPILATION = 6,
  NVRTC_ERROR_INTERNAL_ERROR = 11,
};

struct Program {
  std::string source, name;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string log;
  std::string cubin;
};

std::set<Program *> &programs() {
  static std::set<Program *> all;
  return all;
}

bool isProgram(Program *program) {
  std::lock_guard<std::recursive_mutex> guard(software::deviceLock());
  return programs().count(program) != 0;
}

struct Options {
  int capability = 0;
  bool contract = true;
  std::vector<std::string> defines;
};

// Throws std::invalid_argument for what NVRTC or this project's rules do not know.
Options parse(int count, const char *const *given) {
  Options options;
  for (int i = 0; i < count; i++) {
    std::string option = given[i];
    auto value = [&](const std::string &prefix) { return option.substr(prefix.size()); };
    auto starts = [&](const std::string &prefix) { return option.rfind(prefix, 0) == 0; };
    if (starts("--gpu-architecture=sm_") || starts("-arch=sm_")) {
      options.capability = std::stoi(option.substr(option.find("sm_") + 3));
    } else if (option == "--fmad=false" || option == "-fmad=false") {
      options.contract = false;
    } else if (option == "--fmad=true" || option == "-fmad=true") {
      options.contract = true;
    } else if (starts("-D") && option.size() > 2) {
      options.defines.push_back(option);
    } else if (starts("--define-macro=")) {
      options.defines.push_back("-D" + value("--define-macro="));
    } else if (option != "--std=c++17" && option != "-std=c++17" && option != "--device-as-default-execution-space" &&
               option != "-default-device" && option != "--restrict" && option != "-lineinfo" &&
               option != "--generate-line-info") {
      throw std::invalid_argument(option);
    }
  }
  if (options.capability == 0) {
    throw std::invalid_argument("--gpu-architecture=sm_XX is missing");
  }
  return options;
}

std::string read(const fs::path &file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

void write(const fs::path &file, const std::string &text) { std::ofstream(file, std::ios::binary) << text; }

// A folder of its own for one compilation, removed afterwards.
class Workshop {
 public:
  Workshop() {
    std::string pattern = (fs::temp_directory_path() / "software-nvrtc-XXXXXX").string();
    if (!mkdtemp(pattern.data())) {
      throw std::runtime_error("no temporary folder");
    }
    folder = pattern;
  }

  ~Workshop() {
    std::error_code ignored;
    fs::remove_all(folder, ignored);
  }

  // False if the command failed; what it said is in the file `log`.
  bool run(const std::vector<std::string> &command) const {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    std::string log = (folder / "log").string();
    posix_spawn_file_actions_addopen(&actions, 1, log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    posix_spawn_file_actions_adddup2(&actions, 1, 2);
    std::vector<char *> arguments;
    for (const std::string &argument : command) {
      arguments.push_back(const_cast<char *>(argument.c_str()));
    }
    arguments.push_back(nullptr);
    pid_t process;
    int error = posix_spawnp(&process, arguments[0], &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (error) {
      throw std::runtime_error(command[0] + ": " + std::strerror(error));
    }
    int status = 0;
    while (waitpid(process, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
  }

  fs::path folder;
};

// Where this library, and with it the emulation's headers, lies.
std::string ownFolder() {
  Dl_info info;
  dladdr(reinterpret_cast<void *>(&ownFolder), &info);
  return fs::absolute(fs::path(info.dli_fname)).parent_path().string();
}

nvrtcResult compile(Program &program, const Options &options) {
  const char *chosen = getenv("CXX");
  std::string cxx = chosen && *chosen ? chosen : "g++";
  Workshop workshop;
  fs::path source = workshop.folder / "source.cu";
  fs::path preprocessed = workshop.folder / "preprocessed.cpp";
  fs::path translated = workshop.folder / "translated.cpp";
  fs::path image = workshop.folder / "image.so";
  write(source, "#line 1 \"" + program.name + "\"\n" + program.source);
  for (auto &[name, text] : program.headers) {
    fs::create_directories((workshop.folder / name).parent_path());
    write(workshop.folder / name, text);
  }
  std::vector<std::string> first = {cxx, "-E", "-x", "c++", "-std=c++17", "-nostdinc", "-nostdinc++", "-D__CUDACC__",
                                    "-D__CUDACC_RTC__", "-D__CUDA_ARCH__=" + std::to_string(options.capability * 10)};
  first.insert(first.end(), options.defines.begin(), options.defines.end());
  first.insert(first.end(), {"-o", preprocessed.string(), source.string()});
  if (!workshop.run(first)) {
    program.log = read(workshop.folder / "log");
    return NVRTC_ERROR_COMPILATION;
  }
  try {
    write(translated, software::translate(read(preprocessed), options.capability));
  } catch (const std::runtime_error &error) {
    program.log = program.name + ": " + error.what();
    return NVRTC_ERROR_COMPILATION;
  }
  // Kernels run for less time here than they take to compile: more optimising costs more than it gains.
  std::vector<std::string> second = {
      cxx,       "-std=c++17",           "-O1",         "-shared", "-fPIC", "-fvisibility=hidden", "-fno-strict-aliasing",
      "-fwrapv", "-fno-math-errno",      "-fno-exceptions", "-fno-rtti", "-w", "-I" + ownFolder(),
      options.contract ? "-ffp-contract=fast" : "-ffp-contract=off"};
  if (__builtin_cpu_supports("fma")) {
    second.push_back("-mfma");
  }
  if (software::setting("check", 0)) {
    // The compiler calls the emulation before every access; nothing of the thread sanitizer itself is linked.
    second.insert(second.end(), {"-fsanitize=thread", "--param=tsan-instrument-func-entry-exit=0", "-DSOFTWARE_INSTRUMENTED",
                                 "-nodefaultlibs"});
  }
  second.insert(second.end(), {"-o", image.string(), translated.string(), "-lm", "-lc"});
  bool compiled = workshop.run(second);
  program.log = read(workshop.folder / "log");
  if (!compiled) {
    return NVRTC_ERROR_COMPILATION;
  }
  program.cubin = read(image);
  return NVRTC_SUCCESS;
}

int injected(const char *call) {
  std::lock_guard<std::recursive_mutex> guard(software::deviceLock());
  return software::injected(call);
}

}  // namespace

#define ENTER                              \
  if (int given = injected(__func__)) {    \
    return given;                          \
  }

extern "C" {

int nvrtcVersion(int *major, int *minor) {
  ENTER;
  long long version = software::setting("nvrtc-version", SOFTWARE_NVRTC_VERSION);
  *major = static_cast<int>(version / 1000);
  *minor = static_cast<int>(version % 1000 / 10);
  return NVRTC_SUCCESS;
}

const char *nvrtcGetErrorString(int result) {
  switch (result) {
    case NVRTC_SUCCESS: return "NVRTC_SUCCESS";
    case NVRTC_ERROR_INVALID_INPUT: return "NVRTC_ERROR_INVALID_INPUT";
    case NVRTC_ERROR_INVALID_PROGRAM: return "NVRTC_ERROR_INVALID_PROGRAM";
    case NVRTC_ERROR_INVALID_OPTION: return "NVRTC_ERROR_INVALID_OPTION";
    case NVRTC_ERROR_COMPILATION: return "NVRTC_ERROR_COMPILATION";
    case NVRTC_ERROR_INTERNAL_ERROR: return "NVRTC_ERROR_INTERNAL_ERROR";
    default: return "NVRTC_ERROR unknown";
  }
}

int nvrtcCreateProgram(Program **program, const char *source, const char *name, int headers, const char *const *headerTexts,
                       const char *const *headerNames) {
  ENTER;
  if (!program || !source || headers < 0) {
    return NVRTC_ERROR_INVALID_INPUT;
  }
  auto *made = new Program{source, name ? name : "default_program", {}, "", ""};
  for (int i = 0; i < headers; i++) {
    made->headers.emplace_back(headerNames[i], headerTexts[i]);
  }
  std::lock_guard<std::recursive_mutex> guard(software::deviceLock());
  programs().insert(made);
  *program = made;
  return NVRTC_SUCCESS;
}

int nvrtcCompileProgram(Program *program, int count, const char *const *given) {
  ENTER;
  if (!isProgram(program)) {
    return NVRTC_ERROR_INVALID_PROGRAM;
  }
  try {
    return compile(*program, parse(count, given));
  } catch (const std::invalid_argument &error) {
    program->log = std::string("unknown option: ") + error.what();
    return NVRTC_ERROR_INVALID_OPTION;
  } catch (const std::exception &error) {
    program->log = error.what();
    return NVRTC_ERROR_INTERNAL_ERROR;
  }
}

int nvrtcGetProgramLogSize(Program *program, size_t *bytes) {
  ENTER;
  if (!isProgram(program)) {
    return NVRTC_ERROR_INVALID_PROGRAM;
  }
  *bytes = program->log.size() + 1;
  return NVRTC_SUCCESS;
}

int nvrtcGetProgramLog(Program *program, char *log) {
  ENTER;
  if (!isProgram(program)) {
    return NVRTC_ERROR_INVALID_PROGRAM;
  }
  std::memcpy(log, program->log.c_str(), program->log.size() + 1);
  return NVRTC_SUCCESS;
}

int nvrtcGetCUBINSize(Program *program, size_t *bytes) {
  ENTER;
  if (!isProgram(program)) {
    return NVRTC_ERROR_INVALID_PROGRAM;
  }
  *bytes = program->cubin.size();
  return NVRTC_SUCCESS;
}

int nvrtcGetCUBIN(Program *program, char *cubin) {
  ENTER;
  if (!isProgram(program)) {
    return NVRTC_ERROR_INVALID_PROGRAM;
  }
  std::memcpy(cubin, program->cubin.data(), program->cubin.size());
  return NVRTC_SUCCESS;
}

int nvrtcDestroyProgram(Program **program) {
  ENTER;
  if (!program || !isProgram(*program)) {
    return NVRTC_ERROR_INVALID_PROGRAM;
  }
  std::lock_guard<std::recursive_mutex> guard(software::deviceLock());
  programs().erase(*program);
  delete *program;
  *program = nullptr;
  return NVRTC_SUCCESS;
}

}  // extern "C"
