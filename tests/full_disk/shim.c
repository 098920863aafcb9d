/* Has the disk refuse: loaded before libc, counts what a program writes below one folder, and fails
 * the operations from the n-th on, for as long as the test says. A write that fails has written half. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

/* The file through which the test speaks; tests/full_disk/shim.rs has the same places. */
struct control {
    volatile uint64_t seen;   /* operations since it was armed */
    volatile uint64_t from;   /* the first that fails, 0: none */
    volatile uint64_t until;  /* the first after it that succeeds again */
    volatile uint64_t error;
    volatile uint64_t failed; /* operations that failed since it was armed */
    char site[216];           /* the first of them */
};

static struct control *control;
static char folder[4096];
static size_t folder_len;

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("DOSVID_TEST_DISK"), *below = getenv("DOSVID_TEST_DISK_FOLDER");
    if (!path || !below) return;
    int fd = open(path, O_RDWR);
    if (fd < 0) return;
    void *mapped = mmap(NULL, sizeof(struct control), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (mapped == MAP_FAILED) return;
    folder_len = strlen(below);
    memcpy(folder, below, folder_len + 1);
    control = mapped;
}

static int is_below(const char *path) { return control && strncmp(path, folder, folder_len) == 0; }

static int is_ours(int fd, char *path) {
    char link[64];
    if (!control) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t len = readlink(link, path, 4095);
    if (len <= 0) return 0;
    path[len] = 0;
    return is_below(path);
}

static int refuses(const char *what, const char *path) {
    uint64_t n = __atomic_add_fetch(&control->seen, 1, __ATOMIC_SEQ_CST);
    uint64_t from = control->from;
    if (!from || n < from || n >= control->until) return 0;
    if (__atomic_add_fetch(&control->failed, 1, __ATOMIC_SEQ_CST) == 1)
        snprintf(control->site, sizeof control->site, "%s %s", what, path + folder_len);
    errno = (int)control->error;
    return 1;
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

#define ON_FD(type, name, parameters, call, half)                              \
    type name parameters {                                                     \
        char path[4096];                                                       \
        if (is_ours(fd, path) && refuses(#name, path)) {                       \
            int error = errno;                                                 \
            half;                                                              \
            errno = error;                                                     \
            return -1;                                                         \
        }                                                                      \
        return NEXT(name) call;                                                \
    }

ON_FD(ssize_t, write, (int fd, const void *bytes, size_t len), (fd, bytes, len), if (len > 1) NEXT(write)(fd, bytes, len / 2))
ON_FD(ssize_t, pwrite64, (int fd, const void *bytes, size_t len, off64_t at), (fd, bytes, len, at), if (len > 1) NEXT(pwrite64)(fd, bytes, len / 2, at))
ON_FD(ssize_t, writev, (int fd, const struct iovec *parts, int count), (fd, parts, count), (void)0)
ON_FD(int, fsync, (int fd), (fd), (void)0)
ON_FD(int, fdatasync, (int fd), (fd), (void)0)
ON_FD(int, ftruncate64, (int fd, off64_t len), (fd, len), (void)0)
ON_FD(int, sync_file_range, (int fd, off64_t from, off64_t len, unsigned flags), (fd, from, len, flags), (void)0)

int rename(const char *from, const char *to) {
    if (is_below(to) && refuses("rename", to)) return -1;
    return NEXT(rename)(from, to);
}

int mkdir(const char *path, mode_t mode) {
    if (is_below(path) && refuses("mkdir", path)) return -1;
    return NEXT(mkdir)(path, mode);
}

/* A new file needs room; one that is there does not. */
int open64(const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    if ((flags & O_CREAT) && is_below(path) && access(path, F_OK) != 0 && refuses("create", path)) return -1;
    return NEXT(open64)(path, flags, mode);
}
