/* clerk-flow.h: the hall's key and the clerks who may use it. At the desk only: linked with
 * trust/open, never into the kiosk or its sync.
 *
 * The hall key (X25519) opens what the hall's kiosks sealed. It lies in the state directory behind
 * each clerk's passphrase (trust/key-wrap), one file a clerk, keys/clerks/NAME.json; until the
 * first clerk is there it lies in keys/hall.key, and that file goes with the first wrap. Every
 * change and every sign-in, also a refused one, is an entry of the journal, without the passphrase.
 */
#pragma once

#include "flow/app.h"

/* Wrong passphrases after which a clerk waits: 1 min, 2, 4 ... at most an hour. */
#define CLERK_FLOW_TRIES 5

/* A clerk who signed in. The hall key lives as long as this. */
typedef struct {
  char *name;
  Key *hall_key;
} Clerk;

/* Wipes. NULL is fine. */
void clerk_free (Clerk *clerk);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Clerk, clerk_free)

/* Makes the hall's key and tells the city its public half (sync brings the new key set). CONFLICT
 * if there is one; DENIED for a device that is no desk. */
gboolean clerk_flow_init_hall (App *app, gint64 now, GError **error);

/* Adds clerk `name` (a-z, 0-9, '-', at most 32, beginning with a letter). The first clerk needs
 * nobody; each later one is let in by a clerk who is there: `by` and `by_passphrase`. CONFLICT if
 * the name is taken, DENIED, INVALID (name or short passphrase), NOT_FOUND without a hall key. */
gboolean clerk_flow_add (App *app, const char *name, const char *passphrase, const char *by,
                         const char *by_passphrase, gint64 now, GError **error);

/* Drops the clerk's wrap. The last clerk cannot be removed (CONFLICT): the key would be lost.
 * NOT_FOUND. */
gboolean clerk_flow_remove (App *app, const char *name, gint64 now, GError **error);

/* Names, sorted. Owned strings. */
GPtrArray *clerk_flow_list (App *app);

/* DENIED for a wrong passphrase or an unknown name, in the same words and about the same time;
 * RETRY, naming the seconds, while the clerk is locked out. Takes about half a second. Owned. */
Clerk *clerk_flow_sign_in (App *app, const char *name, const char *passphrase, gint64 now,
                           GError **error);
