/* jail.c: rlimits, Landlock, seccomp, in this order, and the table of files that were opened
 * before. The handler runs inside a system call of any library and calls nothing but system calls.
 */
#include "document/jail.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#define CANNOT 71
#define MAX_MEMORY (512ul * 1024 * 1024)
#define MAX_SECONDS 5
#define LAST_OWN_FD 3

typedef struct {
  char *path;
  int fd;
} Entry;

#ifdef __SANITIZE_ADDRESS__
/* The leak checker looks into its process from another, which the jail is there to prevent. */
int __lsan_is_turned_off (void);

__attribute__ ((visibility ("default"))) int
__lsan_is_turned_off (void)
{
  return 1;
}
#endif

/* Filled before the door closes, read by the signal handler after: plain memory. */
static Entry table[JAIL_MAX_FILES];
static int n_table;

void
jail_open (const char *path)
{
  int fd;

  for (int i = 0; i < n_table; i++)
    if (strcmp (table[i].path, path) == 0)
      return;
  if (n_table >= JAIL_MAX_FILES)
    return;
  fd = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  if (fd < 0)
    return;
  table[n_table++] = (Entry){g_strdup (path), fd};
}

static void
limit (int what, rlim_t most)
{
  struct rlimit now, wanted = {most, most};

  if (getrlimit (what, &now) != 0)
    _exit (CANNOT);
  /* Never more than we were given. */
  wanted.rlim_cur = wanted.rlim_max = MIN (most, now.rlim_max);
  if (setrlimit (what, &wanted) != 0)
    _exit (CANNOT);
}

static void
close_strangers (void)
{
  for (int fd = LAST_OWN_FD + 1; fd < 4096; fd++) {
    gboolean ours = FALSE;
    for (int i = 0; i < n_table && !ours; i++)
      ours = table[i].fd == fd;
    if (!ours)
      close (fd);
  }
}

/* No right to any path and, where it is known, to any TCP port. */
static void
close_files (void)
{
  struct {
    guint64 files, net;
  } rules = {0};
  long version = syscall (SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
  int fd;

  if (version < 1)
    return;
  rules.files = (1ull << (version >= 5 ? 16 : version >= 3 ? 15 : version == 2 ? 14 : 13)) - 1;
  rules.net = version >= 4 ? 3 : 0;
  fd = (int)syscall (SYS_landlock_create_ruleset, &rules,
                     version >= 4 ? sizeof rules : sizeof rules.files, 0);
  if (fd < 0 || syscall (SYS_landlock_restrict_self, fd, 0) != 0)
    _exit (CANNOT);
  close (fd);
}

#if defined(__x86_64__) || defined(__aarch64__)
#define HAS_TABLE 1

static long
answer_open (const char *path, long flags)
{
  if ((flags & (O_ACCMODE | O_CREAT | O_TRUNC | O_DIRECTORY | O_PATH)) != O_RDONLY)
    return -EACCES;
  for (int i = 0; i < n_table; i++) {
    const char *a = table[i].path, *b = path;
    while (*a != '\0' && *a == *b)
      a++, b++;
    if (*a == *b) {
      long fd = syscall (SYS_dup, table[i].fd);
      if (fd >= 0)
        syscall (SYS_lseek, fd, 0, SEEK_SET);
      return fd < 0 ? -EMFILE : fd;
    }
  }
  return -EACCES;
}

static void
on_trap (int number, siginfo_t *info, void *context)
{
  ucontext_t *at = context;
  int saved = errno;
  long result = -EACCES;

#ifdef __x86_64__
  greg_t *registers = at->uc_mcontext.gregs;
  if (info->si_syscall == SYS_openat)
    result = answer_open ((const char *)registers[REG_RSI], registers[REG_RDX]);
  else if (info->si_syscall == SYS_open)
    result = answer_open ((const char *)registers[REG_RDI], registers[REG_RSI]);
  registers[REG_RAX] = result;
#else
  if (info->si_syscall == SYS_openat)
    result = answer_open ((const char *)at->uc_mcontext.regs[1], at->uc_mcontext.regs[2]);
  at->uc_mcontext.regs[0] = result;
#endif
  errno = saved;
}
#endif

static void
allow (scmp_filter_ctx filter)
{
  static const int calls[] = {
      SCMP_SYS (read),          SCMP_SYS (readv),        SCMP_SYS (pread64),
      SCMP_SYS (munmap),        SCMP_SYS (mremap),       SCMP_SYS (brk),
      SCMP_SYS (madvise),       SCMP_SYS (close),        SCMP_SYS (fstat),
      SCMP_SYS (lseek),         SCMP_SYS (dup),          SCMP_SYS (futex),
      SCMP_SYS (rt_sigreturn),  SCMP_SYS (rt_sigaction), SCMP_SYS (rt_sigprocmask),
      SCMP_SYS (clock_gettime), SCMP_SYS (clock_getres), SCMP_SYS (gettimeofday),
      SCMP_SYS (getpid),        SCMP_SYS (gettid),       SCMP_SYS (getrandom),
      SCMP_SYS (sched_yield),   SCMP_SYS (getrusage),    SCMP_SYS (sched_getaffinity),
      SCMP_SYS (exit),          SCMP_SYS (exit_group),   SCMP_SYS (restart_syscall),
  };
  gboolean done = TRUE;

  for (gsize i = 0; i < G_N_ELEMENTS (calls); i++)
    done &= seccomp_rule_add (filter, SCMP_ACT_ALLOW, calls[i], 0) == 0;
  for (int fd = 1; fd <= LAST_OWN_FD; fd++) {
    done &= seccomp_rule_add (filter, SCMP_ACT_ALLOW, SCMP_SYS (write), 1,
                              SCMP_A0 (SCMP_CMP_EQ, fd)) == 0;
    done &= seccomp_rule_add (filter, SCMP_ACT_ALLOW, SCMP_SYS (writev), 1,
                              SCMP_A0 (SCMP_CMP_EQ, fd)) == 0;
  }
#ifdef __SANITIZE_ADDRESS__
  done &= seccomp_rule_add (filter, SCMP_ACT_ALLOW, SCMP_SYS (sigaltstack), 0) == 0;
#endif
  /* Memory may be had, but never to be executed. */
  done &= seccomp_rule_add (filter, SCMP_ACT_ALLOW, SCMP_SYS (mmap), 1,
                            SCMP_A2 (SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) == 0;
  done &= seccomp_rule_add (filter, SCMP_ACT_ALLOW, SCMP_SYS (mprotect), 1,
                            SCMP_A2 (SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) == 0;
  /* fstat of the C library; a path given with it tells at most that a file is there. */
  done &= seccomp_rule_add (filter, SCMP_ACT_ALLOW, SCMP_SYS (newfstatat), 1,
                            SCMP_A3 (SCMP_CMP_MASKED_EQ, AT_EMPTY_PATH, AT_EMPTY_PATH)) == 0;
  /* abort() signals itself. */
  done &= seccomp_rule_add (filter, SCMP_ACT_ALLOW, SCMP_SYS (tgkill), 1,
                            SCMP_A0 (SCMP_CMP_EQ, (scmp_datum_t)getpid ())) == 0;
#ifdef HAS_TABLE
  done &= seccomp_rule_add (filter, SCMP_ACT_TRAP, SCMP_SYS (openat), 0) == 0;
#ifdef __x86_64__
  done &= seccomp_rule_add (filter, SCMP_ACT_TRAP, SCMP_SYS (open), 0) == 0;
#endif
#endif
  if (!done)
    _exit (CANNOT);
}

void
jail_enter (void)
{
  scmp_filter_ctx filter;

  if (fcntl (LAST_OWN_FD, F_GETFD) < 0) {
    int nowhere = open ("/dev/null", O_RDONLY | O_CLOEXEC);
    if (nowhere >= 0 && nowhere != LAST_OWN_FD)
      dup2 (nowhere, LAST_OWN_FD);
  }
  close_strangers ();
#ifdef HAS_TABLE
  struct sigaction trap = {.sa_sigaction = on_trap, .sa_flags = SA_SIGINFO | SA_NODEFER};
  if (sigaction (SIGSYS, &trap, NULL) != 0)
    _exit (CANNOT);
#endif
  limit (RLIMIT_CORE, 0);
#ifndef __SANITIZE_ADDRESS__
  limit (RLIMIT_AS, MAX_MEMORY);
#endif
  limit (RLIMIT_CPU, MAX_SECONDS);
  limit (RLIMIT_NPROC, 0);
  limit (RLIMIT_NOFILE, 1024);
  if (prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl (PR_SET_DUMPABLE, 0) != 0)
    _exit (CANNOT);
  close_files ();
  filter = seccomp_init (SCMP_ACT_ERRNO (EPERM));
  if (filter == NULL)
    _exit (CANNOT);
  allow (filter);
  if (seccomp_load (filter) != 0)
    _exit (CANNOT);
  seccomp_release (filter);
}

GPtrArray *
jail_try (void)
{
  g_autoptr (GPtrArray) worked = g_ptr_array_new ();
  void *memory =
      mmap (NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  char *const nothing[] = {NULL};
  void *large = malloc (MAX_MEMORY);

  if (open ("/etc/passwd", O_RDONLY) >= 0)
    g_ptr_array_add (worked, (gpointer) "open");
  if (syscall (SYS_openat, AT_FDCWD, "/", O_RDONLY | O_DIRECTORY) >= 0)
    g_ptr_array_add (worked, (gpointer) "open-folder");
  if (open ("/tmp/onestop-jail-try", O_WRONLY | O_CREAT, 0600) >= 0)
    g_ptr_array_add (worked, (gpointer) "create");
  if (syscall (SYS_openat2, AT_FDCWD, "/etc/passwd", NULL, 0) >= 0 || errno == EINVAL)
    g_ptr_array_add (worked, (gpointer) "openat2");
  if (socket (AF_INET, SOCK_STREAM, 0) >= 0 || socket (AF_UNIX, SOCK_STREAM, 0) >= 0)
    g_ptr_array_add (worked, (gpointer) "socket");
  if (fork () >= 0)
    g_ptr_array_add (worked, (gpointer) "fork");
  if (execve ("/bin/true", nothing, nothing) == 0 || errno != EPERM)
    g_ptr_array_add (worked, (gpointer) "exec");
  if (kill (1, 0) == 0 || errno != EPERM || syscall (SYS_ptrace, 0, 0, 0, 0) == 0)
    g_ptr_array_add (worked, (gpointer) "signal");
  if (memory != MAP_FAILED)
    g_ptr_array_add (worked, (gpointer) "execute-memory");
  if (write (0, "x", 1) >= 0 || errno != EPERM)
    g_ptr_array_add (worked, (gpointer) "write-input");
  if (large != NULL)
    g_ptr_array_add (worked, (gpointer) "512-mebibytes");
  free (large);
  g_ptr_array_add (worked, NULL);
  return g_steal_pointer (&worked);
}
