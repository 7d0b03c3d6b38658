/* make-site.c: site.h for tests in Python: make-site FOLDER [--role R] [--device D] [--age DAYS]
 * [--version N] [--without-hall] [--tickets FROM-TO]. */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "site.h"

int
main (int argc, char **argv)
{
  SiteOptions options = site_options (clock_now ());
  g_autofree char *role = NULL, *device = NULL, *tickets = NULL;
  int age = 0, version = 1;
  gboolean without_hall = FALSE;
  GOptionEntry entries[] = {
      {"role", 0, 0, G_OPTION_ARG_STRING, &role, NULL, NULL},
      {"device", 0, 0, G_OPTION_ARG_STRING, &device, NULL, NULL},
      {"age", 0, 0, G_OPTION_ARG_INT, &age, NULL, NULL},
      {"version", 0, 0, G_OPTION_ARG_INT, &version, NULL, NULL},
      {"tickets", 0, 0, G_OPTION_ARG_STRING, &tickets, NULL, NULL},
      {"without-hall", 0, 0, G_OPTION_ARG_NONE, &without_hall, NULL, NULL},
      {NULL},
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("FOLDER");

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, NULL) || argc != 2)
    return 2;
  if (role != NULL)
    options.role = role;
  if (device != NULL)
    options.device = device;
  if (tickets != NULL && sscanf (tickets, "%d-%d", &options.ticket_from, &options.ticket_to) != 2)
    return 2;
  options.issued -= age * (gint64)86400000;
  options.expires -= age * (gint64)86400000;
  options.version = version;
  options.without_hall = without_hall;
  site_make (argv[1], &options);
  return 0;
}
