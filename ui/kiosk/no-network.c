/* no-network.c: unshare(2), and the id maps that keep us who we are (user_namespaces(7)). */
#include "kiosk/no-network.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"

static gboolean
write_map (const char *path, const char *text)
{
  int fd = open (path, O_WRONLY | O_CLOEXEC);
  if (fd < 0)
    return FALSE;
  ssize_t written = write (fd, text, strlen (text));
  close (fd);
  return written == (ssize_t)strlen (text);
}

gboolean
no_network_enter (GError **error)
{
  char map[64];
  uid_t uid = geteuid ();
  gid_t gid = getegid ();
  /* Who may, leaves the network alone and keeps his user namespace. */
  if (unshare (CLONE_NEWNET) == 0)
    return TRUE;
  if (unshare (CLONE_NEWUSER | CLONE_NEWNET) != 0) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_DENIED, "no network namespace: %s",
                 g_strerror (errno));
    return FALSE;
  }
  gboolean mapped = write_map ("/proc/self/setgroups", "deny");
  g_snprintf (map, sizeof map, "%u %u 1\n", uid, uid);
  mapped = write_map ("/proc/self/uid_map", map) && mapped;
  g_snprintf (map, sizeof map, "%u %u 1\n", gid, gid);
  mapped = write_map ("/proc/self/gid_map", map) && mapped;
  if (mapped)
    return TRUE;
  g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_DENIED,
               "no user and group in the network namespace: %s", g_strerror (errno));
  return FALSE;
}
