// Stands between a program and the files below one folder (LD_PRELOAD), to end it, fail it, or write down what it does.
// Every call that changes these files is counted, 1, 2, 3 …: open that creates or truncates, mkdir, write, truncate,
// sync, rename, unlink. Read from the environment:
//   SHIM_FOLDER=/path        whose files are meant
//   SHIM_ACKS=/path          a file outside of it; what is written there is put into the log in its turn
//   SHIM_LOG=/path           where calls are written down, see log.ts
//   SHIM_KILL=before N       SIGKILL before call N is made; "after N": once it is made; "within N": when half of it is,
//                            where it writes, and otherwise once it is made;
//                            "told N": at the Nth word to a socket after something was synced
//   SHIM_ARMED=/path         "told" counts only when there is a file of this name
//   SHIM_FAIL=sync N K ERRNO sync calls N to N+K-1 fail; "write N K ERRNO": the same for writes. Where ERRNO is that of
//                            a full disk, half of write N is still made
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static char folder[4096], acks[4096], armed[4096], kill_when[16], fail_what[16];
static size_t folder_length;
static int log_fd = -1, fail_errno;
static long kill_at, fail_at, fail_times, calls, writes, syncs, told;
static int stored;

#define REAL(result, name, ...)                                                       \
  static result (*real_##name)(__VA_ARGS__);                                          \
  if (real_##name == NULL) *(void **)&real_##name = dlsym(RTLD_NEXT, #name)

__attribute__((constructor)) static void begin(void) {
  const char *value;
  if ((value = getenv("SHIM_FOLDER")) != NULL) folder_length = (size_t)snprintf(folder, sizeof folder, "%s", value);
  if ((value = getenv("SHIM_ACKS")) != NULL) snprintf(acks, sizeof acks, "%s", value);
  if ((value = getenv("SHIM_ARMED")) != NULL) snprintf(armed, sizeof armed, "%s", value);
  if ((value = getenv("SHIM_KILL")) != NULL) sscanf(value, "%15s %ld", kill_when, &kill_at);
  if ((value = getenv("SHIM_FAIL")) != NULL) sscanf(value, "%15s %ld %ld %d", fail_what, &fail_at, &fail_times, &fail_errno);
  if ((value = getenv("SHIM_LOG")) != NULL) log_fd = open(value, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static int watched(const char *path) {
  return folder_length > 0 && strncmp(path, folder, folder_length) == 0 &&
         (path[folder_length] == '/' || path[folder_length] == '\0');
}

/** The path as the kernel would write it, as long as its folder exists. */
static const char *absolute(const char *path, char *into) {
  if (path[0] == '/') return path;
  char here[2048];
  if (getcwd(here, sizeof here) == NULL) return path;
  snprintf(into, 4096, "%s/%s", here, path);
  return into;
}

/** Which watched file is open here. Files that have no name any more are nobody's business. */
static int named(int fd, char *path) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, 4095);
  if (length <= 0 || path[0] != '/') return 0;
  path[length] = '\0';
  return watched(path) && strstr(path, " (deleted)") == NULL;
}

static void die(void) {
  kill(getpid(), SIGKILL);
  for (;;) pause();
}

static void record(char kind, const char *path, int64_t at, const void *bytes, size_t length) {
  if (log_fd < 0) return;
  struct {
    uint32_t kind, path_length, length, zero;
    int64_t at;
  } head = {(uint32_t)kind, (uint32_t)strlen(path), (uint32_t)length, 0, at};
  struct iovec parts[] = {{&head, sizeof head}, {(void *)path, head.path_length}, {(void *)bytes, length}};
  REAL(ssize_t, writev, int, const struct iovec *, int);
  if (real_writev(log_fd, parts, 3) < 0) abort();
}

static int due(const char *when) { return calls == kill_at && strcmp(kill_when, when) == 0; }

/** The call begins; nobody else's does until it is over. */
static void enter(void) {
  pthread_mutex_lock(&turn);
  calls++;
  if (due("before")) die();
}

/** The call is over: `done` says whether it did anything, a `fault` is one of ours. */
static void leave(int done, int fault, char kind, const char *path, int64_t at, const void *bytes, size_t length) {
  int saved = errno;
  record(done ? kind : fault ? 'f' : 'x', path, at, bytes, done ? length : 0);
  if (due("after") || due("within")) die();
  pthread_mutex_unlock(&turn);
  errno = saved;
}

static int failing(const char *what, long nth) {
  if (strcmp(fail_what, what) != 0 || nth < fail_at || nth >= fail_at + fail_times) return 0;
  errno = fail_errno;
  return 1;
}

/** Writes as much as may be written, with `plain` where there is no offset. */
static ssize_t writing(int fd, const void *bytes, size_t length, int64_t at, int plain, const char *path) {
  REAL(ssize_t, write, int, const void *, size_t);
  REAL(ssize_t, pwrite64, int, const void *, size_t, off64_t);
  enter();
  writes++;
  ssize_t done = -1;
  int cut = failing("write", writes);
  if (cut && fail_errno == ENOSPC && writes == fail_at && length > 1) {
    length /= 2;
    cut = 0;
  }
  if (plain) {
    struct stat status;
    int appending = (fcntl(fd, F_GETFL) & O_APPEND) != 0;
    at = appending && fstat(fd, &status) == 0 ? status.st_size : lseek64(fd, 0, SEEK_CUR);
  }
  if (due("within") && length > 1) length /= 2;
  if (cut) errno = fail_errno;
  else done = plain ? real_write(fd, bytes, length) : real_pwrite64(fd, bytes, length, at);
  leave(done >= 0, cut, 'w', path, at, bytes, done < 0 ? 0 : (size_t)done);
  return done;
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t at) {
  char path[4096];
  REAL(ssize_t, pwrite64, int, const void *, size_t, off64_t);
  return named(fd, path) ? writing(fd, bytes, length, at, 0, path) : real_pwrite64(fd, bytes, length, at);
}
ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at) { return pwrite64(fd, bytes, length, at); }

/** Something is about to be said to somebody outside. */
static void telling(int fd) {
  if (strcmp(kill_when, "told") != 0) return;
  int family = 0;
  socklen_t size = sizeof family;
  if (getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &family, &size) != 0 || (family != AF_INET && family != AF_INET6)) return;
  pthread_mutex_lock(&turn);
  if (stored && ++told == kill_at) die();
  pthread_mutex_unlock(&turn);
}

ssize_t write(int fd, const void *bytes, size_t length) {
  char path[4096] = "";
  REAL(ssize_t, write, int, const void *, size_t);
  telling(fd);
  if (named(fd, path)) return writing(fd, bytes, length, 0, 1, path);
  if (acks[0] == '\0' || strcmp(path, acks) != 0) return real_write(fd, bytes, length);
  pthread_mutex_lock(&turn);
  ssize_t done = real_write(fd, bytes, length);
  if (done > 0) record('a', path, 0, bytes, (size_t)done);
  pthread_mutex_unlock(&turn);
  return done;
}
ssize_t writev(int fd, const struct iovec *parts, int count) {
  REAL(ssize_t, writev, int, const struct iovec *, int);
  telling(fd);
  return real_writev(fd, parts, count);
}
ssize_t send(int fd, const void *bytes, size_t length, int flags) {
  REAL(ssize_t, send, int, const void *, size_t, int);
  telling(fd);
  return real_send(fd, bytes, length, flags);
}
ssize_t sendmsg(int fd, const struct msghdr *message, int flags) {
  REAL(ssize_t, sendmsg, int, const struct msghdr *, int);
  telling(fd);
  return real_sendmsg(fd, message, flags);
}

static int syncing(int fd, int (*real)(int)) {
  char path[4096];
  if (!named(fd, path)) return real(fd);
  enter();
  syncs++;
  stored |= armed[0] == '\0' || access(armed, F_OK) == 0;
  int cut = failing("sync", syncs);
  int done = cut ? -1 : real(fd);
  leave(done == 0, cut, 's', path, 0, NULL, 0);
  return done;
}
int fsync(int fd) {
  REAL(int, fsync, int);
  return syncing(fd, real_fsync);
}
int fdatasync(int fd) {
  REAL(int, fdatasync, int);
  return syncing(fd, real_fdatasync);
}

int ftruncate64(int fd, off64_t size) {
  char path[4096];
  REAL(int, ftruncate64, int, off64_t);
  if (!named(fd, path)) return real_ftruncate64(fd, size);
  enter();
  int done = real_ftruncate64(fd, size);
  leave(done == 0, 0, 't', path, size, NULL, 0);
  return done;
}
int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

int rename(const char *from, const char *to) {
  char one[4096], other[4096];
  REAL(int, rename, const char *, const char *);
  const char *path = absolute(from, one);
  const char *name = absolute(to, other);
  if (!watched(path)) return real_rename(from, to);
  enter();
  int done = real_rename(from, to);
  leave(done == 0, 0, 'r', path, 0, name, strlen(name));
  return done;
}

int unlink(const char *path) {
  char whole[4096];
  REAL(int, unlink, const char *);
  const char *name = absolute(path, whole);
  if (!watched(name)) return real_unlink(path);
  enter();
  int done = real_unlink(path);
  leave(done == 0, 0, 'u', name, 0, NULL, 0);
  return done;
}

int mkdir(const char *path, mode_t mode) {
  char whole[4096];
  REAL(int, mkdir, const char *, mode_t);
  const char *name = absolute(path, whole);
  if (!watched(name)) return real_mkdir(path, mode);
  enter();
  int done = real_mkdir(path, mode);
  leave(done == 0, 0, 'm', name, 0, NULL, 0);
  return done;
}

/** Only opening that makes a file, or empties it, is a change. */
static int opening(const char *path, int flags, mode_t mode) {
  char whole[4096];
  REAL(int, open64, const char *, int, ...);
  const char *name = absolute(path, whole);
  if ((flags & (O_CREAT | O_TRUNC)) == 0 || !watched(name)) return real_open64(path, flags, mode);
  int there = access(path, F_OK) == 0;
  if (there && (flags & O_TRUNC) == 0) return real_open64(path, flags, mode);
  enter();
  int fd = real_open64(path, flags, mode);
  leave(fd >= 0, 0, there ? 't' : 'c', name, 0, NULL, 0);
  return fd;
}

#define MODE                                          \
  mode_t mode = 0;                                    \
  if ((flags & (O_CREAT | __O_TMPFILE)) != 0) {       \
    va_list more;                                     \
    va_start(more, flags);                            \
    mode = va_arg(more, mode_t);                      \
    va_end(more);                                     \
  }

int open64(const char *path, int flags, ...) {
  MODE
  return opening(path, flags, mode);
}
int open(const char *path, int flags, ...) {
  MODE
  return opening(path, flags, mode);
}
