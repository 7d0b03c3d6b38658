/* fault.c: fault points. Costs one getenv at the first passing; refuses points that are not listed.
 */
#include "base/fault.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

/* clang-format off */
const char *const fault_names[] = {
  "file.write",
  "store.begin",
  "store.statement",
  "store.before-commit",
  "store.after-commit",
  "store.object-write",
  "intake.begin",
  "intake.sealed",
  "intake.objects-written",
  "intake.before-commit",
  "intake.after-commit",
  "ticket.before-commit",
  "ticket.after-commit",
  "scan.read",
  "intake.work",
  "print.before-send",
  "print.after-create-job",
  "print.before-document",
  "print.after-send",
  "print.before-printed",
  "print.after-printed",
  "city.before-commit",
  "city.after-commit",
  "city.object-before-rename",
  "city.object-after-rename",
  "city.backup-before-manifest",
  "sync.before-enrol",
  "sync.enrolled",
  "sync.before-push",
  "sync.acknowledged",
  "sync.before-purge",
  "sync.upload-part",
  "sync.uploaded",
  "sync.object-arrived",
  NULL,
};
/* clang-format on */

#ifdef ONESTOP_FAULT_POINTS

typedef struct {
  char *name;
  char *act;
  int n;
} Armed;

static GArray *
arm (const char *text)
{
  GArray *all = g_array_new (FALSE, FALSE, sizeof (Armed));
  g_auto (GStrv) parts = g_strsplit (text, ",", -1);

  for (char **p = parts; *p != NULL; p++) {
    char *equals = strchr (*p, '=');
    char *at = equals != NULL ? strchr (equals, '@') : NULL;
    Armed armed = {0};
    if (equals == NULL)
      g_error ("ONESTOP_FAULT: \"%s\" is not name=act[@n]", *p);
    armed.name = g_strndup (*p, equals - *p);
    armed.act = at != NULL ? g_strndup (equals + 1, at - equals - 1) : g_strdup (equals + 1);
    armed.n = at != NULL ? (int)g_ascii_strtoll (at + 1, NULL, 10) : 1;
    if (!g_strv_contains (fault_names, armed.name))
      g_error ("ONESTOP_FAULT: no point is called \"%s\"", armed.name);
    g_array_append_val (all, armed);
  }
  return all;
}

int
fault_errno (const char *name)
{
  static gsize once;
  static GArray *armed;
  static GMutex lock;
  const char *act = NULL;

  if (g_once_init_enter (&once)) {
    const char *text = g_getenv ("ONESTOP_FAULT");
    armed = text != NULL ? arm (text) : NULL;
    g_once_init_leave (&once, 1);
  }
  if (armed == NULL)
    return 0;
  if (!g_strv_contains (fault_names, name))
    g_error ("the point \"%s\" is not listed in fault_names", name);
  g_mutex_lock (&lock);
  for (guint i = 0; i < armed->len; i++) {
    Armed *a = &g_array_index (armed, Armed, i);
    if (strcmp (a->name, name) == 0 && --a->n == 0)
      act = a->act;
  }
  g_mutex_unlock (&lock);
  if (act == NULL)
    return 0;
  if (strcmp (act, "kill") == 0)
    kill (getpid (), SIGKILL);
  while (strcmp (act, "stall") == 0 || strcmp (act, "kill") == 0)
    pause ();
  if (strcmp (act, "ENOSPC") == 0)
    return ENOSPC;
  if (strcmp (act, "EIO") == 0)
    return EIO;
  g_error ("ONESTOP_FAULT: unknown act \"%s\"", act);
}

void
fault_point (const char *name)
{
  (void)fault_errno (name);
}
#endif
