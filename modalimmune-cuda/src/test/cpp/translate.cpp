#include "translate.h"

#include <cctype>
#include <sstream>
#include <stdexcept>
#include <vector>

namespace software {
namespace {

bool inName(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

// Reads names and brackets of a text whose comments and macros are gone.
class Scanner {
 public:
  explicit Scanner(const std::string &text) : text(text) {}

  size_t position = 0;

  bool done() const { return position >= text.size(); }

  // What comes next, as one piece: a name, a quoted text, white space, or one character.
  std::string piece() {
    size_t start = position;
    char c = text[position++];
    if (inName(c)) {
      while (!done() && inName(text[position])) {
        position++;
      }
    } else if (c == '"' || c == '\'') {
      while (!done() && text[position] != c) {
        position += text[position] == '\\' ? 2 : 1;
      }
      position++;
    } else if (c == '#' && (start == 0 || text[start - 1] == '\n')) {
      while (!done() && text[position] != '\n') {
        position++;
      }
    } else if (std::isspace(static_cast<unsigned char>(c))) {
      while (!done() && std::isspace(static_cast<unsigned char>(text[position])) && text[position] != '\n') {
        position++;
      }
    }
    return text.substr(start, position - start);
  }

  // The text up to and with the bracket that closes the one which comes next.
  std::string bracketed() {
    size_t start = position;
    int depth = 0;
    do {
      std::string next = piece();
      depth += next == "(" ? 1 : next == ")" ? -1 : 0;
    } while (!done() && depth > 0);
    return text.substr(start, position - start);
  }

  std::string until(char end) {
    size_t start = position;
    while (!done() && text[position] != end) {
      position++;
    }
    return text.substr(start, position++ - start);
  }

  std::string peekName() {
    size_t kept = position;
    std::string next;
    do {
      next = done() ? std::string("?") : piece();
    } while (std::isspace(static_cast<unsigned char>(next[0])) || next[0] == '#');
    position = kept;
    return next;
  }

  void skipTo(const std::string &name) {
    while (!done() && piece() != name) {
    }
  }

 private:
  const std::string &text;
};

struct Kernel {
  std::string name;
  std::string maxThreads;
};

// The first argument of __launch_bounds__(threads, ...).
std::string firstArgument(const std::string &bracketed) {
  int depth = 0;
  size_t end = 1;
  while (depth > 0 || (bracketed[end] != ',' && bracketed[end] != ')')) {
    depth += bracketed[end] == '(' ? 1 : bracketed[end] == ')' ? -1 : 0;
    end++;
  }
  return bracketed.substr(1, end - 1);
}

// What follows __global__ up to the opening bracket of the parameters; gives the kernel's name.
std::string header(Scanner &scanner, Kernel &kernel) {
  std::string kept;
  std::string last;
  while (!scanner.done()) {
    std::string next = scanner.piece();
    if (next == "__launch_bounds__") {
      kernel.maxThreads = firstArgument(scanner.bracketed());
      continue;
    }
    if (next == "(") {
      kernel.name = last;
      return kept + next;
    }
    if (inName(next[0])) {
      last = next;
    }
    kept += next;
  }
  throw std::runtime_error("__global__ without a function");
}

// extern __shared__ type name[]; becomes a pointer to the launch's dynamic shared memory.
std::string dynamicShared(Scanner &scanner) {
  std::string declaration = scanner.until(';');
  size_t bracket = declaration.rfind('[');
  if (bracket == std::string::npos) {
    throw std::runtime_error("extern __shared__ needs an array without a size, got: " + declaration);
  }
  size_t end = bracket;
  while (end > 0 && !inName(declaration[end - 1])) {
    end--;
  }
  size_t start = end;
  while (start > 0 && inName(declaration[start - 1])) {
    start--;
  }
  std::string type = declaration.substr(0, start);
  for (const char *alignment : {"__align__", "alignas"}) {
    size_t at = type.find(alignment);
    if (at != std::string::npos) {
      type.erase(at, type.find(')', at) + 1 - at);
    }
  }
  return type + " *" + declaration.substr(start, end - start) + " = static_cast<" + type +
         " *>(software::runtime->dynamicShared());";
}

}  // namespace

std::string translate(const std::string &preprocessed, int capability) {
  std::ostringstream out;
  out << "#include \"emulation.h\"\n";
  std::vector<Kernel> kernels;
  Scanner scanner(preprocessed);
  while (!scanner.done()) {
    std::string next = scanner.piece();
    if (next == "__global__") {
      Kernel kernel{"", "0"};
      out << header(scanner, kernel);
      kernels.push_back(kernel);
    } else if (next == "extern" && scanner.peekName() == "__shared__") {
      scanner.skipTo("__shared__");
      out << dynamicShared(scanner);
    } else if (next == "__shared__") {
      out << "static __attribute__((section(\"softwareshared\")))";
    } else {
      out << next;
    }
  }
  if (kernels.empty()) {
    throw std::runtime_error("no __global__ function");
  }
  out << "\nstatic const software::Entry softwareEntries[] = {\n";
  for (const Kernel &kernel : kernels) {
    out << "    SOFTWARE_ENTRY(" << kernel.name << ", (" << kernel.maxThreads << ")),\n";
  }
  out << "};\nSOFTWARE_IMAGE(" << capability << ")\n";
  return out.str();
}

}  // namespace software
