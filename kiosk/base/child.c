/* child.c: starts a helper, reads its two ends by poll, ends it. It blocks its thread on purpose
 * and shares nothing with other threads; it leaves no child and no descriptor behind on any way
 * out. */
#include "base/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "base/region.h"
#include "base/strict-json.h"

#define GRACE_MS 1000

typedef struct {
  const ChildTask *task;
  GCancellable *cancellable;
  GPid pid;
  int pidfd;
  int lines;   /* its standard output, -1 at the end */
  int payload; /* its descriptor 3, -1 at the end or if there is none */
  Region *region;
  gsize received;
  char line[CHILD_MAX_LINE + 1];
  gsize length;
  guint n_lines;
  gint64 heard; /* clock_monotonic of the last byte */
  gint64 started;
} Child;

void
child_end_clear (ChildEnd *end)
{
  g_clear_pointer (&end->payload, g_bytes_unref);
}

static void
close_fd (int *fd)
{
  if (*fd >= 0)
    close (*fd);
  *fd = -1;
}

/* A sealed memory file, so that the helper may map it without fear of its changing. */
static int
input_file (GBytes *input, GError **error)
{
  gsize length = 0;
  const guint8 *bytes = input != NULL ? g_bytes_get_data (input, &length) : NULL;
  int fd = memfd_create ("onestop-input", MFD_CLOEXEC | MFD_ALLOW_SEALING);

  if (fd < 0 || !file_write_all (fd, bytes, length) || lseek (fd, 0, SEEK_SET) != 0 ||
      fcntl (fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_FULL, "no memory for a helper's input: %s",
                 g_strerror (errno));
    close_fd (&fd);
  }
  return fd;
}

static GStrv
program_argv (const char *const *words)
{
  GStrv argv = g_strdupv ((GStrv)words);

  if (strchr (argv[0], '/') == NULL) {
    g_free (argv[0]);
    argv[0] = file_helper (words[0]);
  }
  return argv;
}

static gboolean
start (Child *child, GError **error)
{
  g_auto (GStrv) argv = program_argv (child->task->argv);
  g_autoptr (GError) spawn_error = NULL;
  int out[2] = {-1, -1}, payload[2] = {-1, -1}, target = 3;
  int input = input_file (child->task->input, error);
  gboolean started = FALSE;

  if (input < 0)
    return FALSE;
  if (pipe2 (out, O_CLOEXEC) != 0 ||
      (child->task->max_payload > 0 && pipe2 (payload, O_CLOEXEC) != 0))
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_RETRY, "no pipe for %s: %s", argv[0],
                 g_strerror (errno));
  else
    started = g_spawn_async_with_pipes_and_fds (
        NULL, (const char *const *)argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, input, out[1],
        -1, &payload[1], &target, child->task->max_payload > 0 ? 1 : 0, &child->pid, NULL, NULL,
        NULL, &spawn_error);
  close_fd (&input);
  close_fd (&out[1]);
  close_fd (&payload[1]);
  child->lines = out[0];
  child->payload = payload[0];
  if (spawn_error != NULL)
    g_set_error (error, ONESTOP_ERROR,
                 g_error_matches (spawn_error, G_SPAWN_ERROR, G_SPAWN_ERROR_NOENT)
                     ? ONESTOP_ERROR_NOT_FOUND
                     : ONESTOP_ERROR_BUG,
                 "cannot start %s: %s", argv[0], spawn_error->message);
  if (started) {
    child->pidfd = (int)syscall (SYS_pidfd_open, child->pid, 0);
    child->heard = child->started = clock_monotonic ();
  }
  return started;
}

static gboolean
give_event (Child *child, gsize length, GError **error)
{
  g_autoptr (json_t) event = strict_json_parse (child->line, length, error);
  const char *word = event != NULL ? strict_json_string (event, "event", error) : NULL;

  return word != NULL && child->task->on_event (event, word, child->task->data, error);
}

static gboolean
take_line (Child *child, GError **error)
{
  gsize length = child->length;

  child->length = 0;
  child->line[length] = '\0';
  if (++child->n_lines > CHILD_MAX_LINES) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_FULL, "%s says too many lines",
                 child->task->argv[0]);
    return FALSE;
  }
  return child->task->on_event == NULL || give_event (child, length, error);
}

static gboolean
read_lines (Child *child, GError **error)
{
  char piece[4096];
  gssize n = read (child->lines, piece, sizeof piece);

  if (n < 0 && (errno == EINTR || errno == EAGAIN))
    return TRUE;
  if (n <= 0) {
    close_fd (&child->lines);
    return TRUE;
  }
  for (gssize i = 0; i < n; i++) {
    if (piece[i] == '\n') {
      if (!take_line (child, error))
        return FALSE;
    } else if (child->length < CHILD_MAX_LINE) {
      child->line[child->length++] = piece[i];
    } else {
      g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_FULL, "%s says too long a line",
                   child->task->argv[0]);
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean
read_payload (Child *child, GError **error)
{
  /* One byte more than it may write, so that too much is seen. */
  gssize n = read (child->payload, region_peek (child->region) + child->received,
                   child->task->max_payload + 1 - child->received);

  if (n < 0 && (errno == EINTR || errno == EAGAIN))
    return TRUE;
  if (n <= 0) {
    close_fd (&child->payload);
    return TRUE;
  }
  child->received += n;
  if (child->received > child->task->max_payload) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_FULL, "%s gives more than it may",
                 child->task->argv[0]);
    return FALSE;
  }
  return TRUE;
}

/* How long poll may wait, 0 when the time is over. */
static gint64
time_left (const Child *child)
{
  gint64 now = clock_monotonic ();
  gint64 silence = child->heard + child->task->stall_ms - now;
  gint64 life = child->started + child->task->limit_ms - now;
  return CLAMP (MIN (silence, life), 0, 60000);
}

static gboolean
has_ended (const Child *child)
{
  siginfo_t info = {0};
  return waitid (P_PID, child->pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid != 0;
}

/* Reads until both ends are closed and the helper is gone. FALSE with an error. */
static gboolean
follow (Child *child, gboolean *ret_stalled, GError **error)
{
  while (child->lines >= 0 || child->payload >= 0 || !has_ended (child)) {
    GPollFD cancel = {.fd = -1};
    gboolean watched = g_cancellable_make_pollfd (child->cancellable, &cancel);
    struct pollfd fds[] = {{child->lines, POLLIN, 0},
                           {child->payload, POLLIN, 0},
                           {watched ? cancel.fd : -1, POLLIN, 0},
                           {child->lines < 0 && child->payload < 0 ? child->pidfd : -1, POLLIN, 0}};
    gint64 left = time_left (child);
    /* Without a pidfd (an old kernel) the end of a helper that closed its ends is looked for. */
    int ready = poll (fds, G_N_ELEMENTS (fds), child->pidfd < 0 ? MIN (left, 50) : left);

    if (watched)
      g_cancellable_release_fd (child->cancellable);
    if (g_cancellable_is_cancelled (child->cancellable)) {
      g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CANCELLED, "%s was stopped",
                   child->task->argv[0]);
      return FALSE;
    }
    if (left == 0) {
      *ret_stalled = TRUE;
      return TRUE;
    }
    if (ready <= 0)
      continue;
    if (fds[0].revents != 0 || fds[1].revents != 0)
      child->heard = clock_monotonic ();
    if (fds[0].revents != 0 && !read_lines (child, error))
      return FALSE;
    if (fds[1].revents != 0 && !read_payload (child, error))
      return FALSE;
  }
  return TRUE;
}

/* Waits for its end; asks first, then kills, when `now` says so. Gives the wait status. */
static int
reap (Child *child, gboolean kill_it)
{
  int status = 0;

  if (kill_it && !has_ended (child)) {
    gint64 until = clock_monotonic () + GRACE_MS;
    kill (child->pid, SIGTERM);
    while (!has_ended (child) && clock_monotonic () < until) {
      struct pollfd gone = {child->pidfd, POLLIN, 0};
      poll (&gone, 1, child->pidfd < 0 ? 20 : GRACE_MS);
    }
    if (!has_ended (child))
      kill (child->pid, SIGKILL);
  }
  while (waitpid (child->pid, &status, 0) < 0 && errno == EINTR)
    continue;
  return status;
}

gboolean
child_run (const ChildTask *task, GCancellable *cancellable, ChildEnd *ret_end, GError **error)
{
  Child child = {.task = task, .cancellable = cancellable, .pidfd = -1, .lines = -1, .payload = -1};
  gboolean stalled = FALSE, followed = FALSE, started;
  int status = 0;

  if (g_cancellable_is_cancelled (cancellable)) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CANCELLED, "%s was stopped", task->argv[0]);
    return FALSE;
  }
  if (task->max_payload > 0) {
    child.region = region_new (task->max_payload + 1, error);
    if (child.region == NULL)
      return FALSE;
  }
  started = start (&child, error);
  if (started) {
    followed = follow (&child, &stalled, error);
    status = reap (&child, !followed || stalled);
  }
  close_fd (&child.lines);
  close_fd (&child.payload);
  close_fd (&child.pidfd);
  if (!followed) {
    region_free (child.region);
    return FALSE;
  }
  *ret_end = (ChildEnd){
      .stalled = stalled,
      .signaled = WIFSIGNALED (status),
      .status = WIFSIGNALED (status) ? WTERMSIG (status) : WEXITSTATUS (status),
      .payload = child.region != NULL ? region_take_bytes (child.region, child.received) : NULL};
  return TRUE;
}
