// Variadic system calls, which Swift cannot spell. No logic: one inline a call, errno is left as the kernel set it.
#ifndef BITTERN_SYSCALLS_H
#define BITTERN_SYSCALLS_H

#include <stdint.h>
#include <stddef.h>
#include <fcntl.h>
#include <unistd.h>
#include <sys/syscall.h>
#include <linux/openat2.h>
#include <linux/stat.h>

/// What statx(2) says, flat.
typedef struct {
  uint64_t device, inode, size;
  /// Nanoseconds since 1970; 0 when the file system does not keep it.
  int64_t changed, modified, born;
  uint32_t mode, links;
} csystem_file_status;

static inline int csystem_openat2(int directory, const char *path, uint64_t flags, uint64_t resolve) {
  struct open_how how = {.flags = flags, .mode = 0, .resolve = resolve};
  return (int)syscall(SYS_openat2, directory, path, &how, sizeof how);
}

static inline int csystem_openat(int directory, const char *path, int flags) {
  return (int)syscall(SYS_openat, directory, path, flags, 0);
}

static inline int csystem_statx(int directory, const char *path, int flags, csystem_file_status *out) {
  struct statx s;
  int result = (int)syscall(SYS_statx, directory, path, flags, STATX_BASIC_STATS | STATX_BTIME, &s);
  if (result != 0) return result;
  out->device = ((uint64_t)s.stx_dev_major << 32) | s.stx_dev_minor;
  out->inode = s.stx_ino;
  out->size = s.stx_size;
  out->changed = s.stx_ctime.tv_sec * 1000000000ll + s.stx_ctime.tv_nsec;
  out->modified = s.stx_mtime.tv_sec * 1000000000ll + s.stx_mtime.tv_nsec;
  out->born = (s.stx_mask & STATX_BTIME) ? s.stx_btime.tv_sec * 1000000000ll + s.stx_btime.tv_nsec : 0;
  out->mode = s.stx_mode;
  out->links = s.stx_nlink;
  return 0;
}

#if defined(__GLIBC__)
#include <malloc.h>
/// Gives freed memory back to the system.
static inline void csystem_trim(void) { malloc_trim(0); }
#else
static inline void csystem_trim(void) {}
#endif

#endif
