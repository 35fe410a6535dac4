#include "media/confine.h"

#include <fmt/format.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <vector>

namespace awl::media {

namespace {

constexpr rlim_t kMemoryBytes = rlim_t{1} << 30U;
constexpr rlim_t kCpuSeconds = 30;

#if defined(__x86_64__)
constexpr uint32_t kArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
#else
#error "media/confine.cpp: name this architecture's AUDIT_ARCH value here"
#endif

// Reading and writing what is open, memory, ending. Everything else is refused.
constexpr std::array kAllowed{
    SYS_read,         SYS_write,          SYS_readv,     SYS_writev,     SYS_lseek,         SYS_fstat,
    SYS_close,        SYS_mmap,           SYS_munmap,    SYS_mremap,     SYS_mprotect,      SYS_madvise,
    SYS_brk,          SYS_futex,          SYS_getrandom, SYS_exit,       SYS_exit_group,    SYS_rt_sigreturn,
    SYS_getpid,       SYS_gettid,         SYS_tgkill,    SYS_newfstatat, SYS_clock_gettime, SYS_sched_yield,
    SYS_rt_sigaction, SYS_rt_sigprocmask,
};

sock_filter statement(uint16_t code, uint32_t value) { return {code, 0, 0, value}; }
sock_filter jump_if_equal(uint32_t value, size_t then, size_t otherwise) {
  return {BPF_JMP | BPF_JEQ | BPF_K, static_cast<uint8_t>(then), static_cast<uint8_t>(otherwise), value};
}

std::vector<sock_filter> make_filter() {
  std::vector<sock_filter> filter;
  filter.push_back(statement(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, arch)));
  filter.push_back(jump_if_equal(kArchitecture, 1, 0));
  filter.push_back(statement(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS));
  filter.push_back(statement(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)));
  for (size_t i = 0; i < kAllowed.size(); ++i) {
    filter.push_back(jump_if_equal(static_cast<uint32_t>(kAllowed[i]), kAllowed.size() - i, 0));
  }
  filter.push_back(statement(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM));
  filter.push_back(statement(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
  return filter;
}

std::unexpected<Error> unsupported(std::string_view what) {
  return fail(ErrorKind::kUnsupported, fmt::format("cannot {}: {}", what, std::strerror(errno)));
}

}  // namespace

Result<> confine() {
#if __has_feature(address_sanitizer)
  // The sanitizer reserves terabytes of addresses and looks around at the end.
  return {};
#endif
  const std::array<std::pair<__rlimit_resource, rlim_t>, 3> limits{
      {{RLIMIT_AS, kMemoryBytes}, {RLIMIT_CPU, kCpuSeconds}, {RLIMIT_CORE, 0}}};
  for (const auto& [resource, most] : limits) {
    const rlimit limit{most, most};
    if (::setrlimit(resource, &limit) != 0) return unsupported("limit memory and time");
  }
  std::vector<sock_filter> filter = make_filter();
  sock_fprog program{static_cast<unsigned short>(filter.size()), filter.data()};
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
      ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
    return unsupported("restrict system calls");
  }
  return {};
}

}  // namespace awl::media
