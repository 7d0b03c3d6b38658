/* enrolment.h: who this device is: `enrolment.json` in the state directory, written once by
 * `onestop-sync enrol`, read by all.
 *
 *   {"device":"GS-K1","role":"kiosk","hall":"GS","hall_name":{"zh-CN":"...","en":"..."},
 *    "case_code":"A","ticket_block":{"from":1,"to":199},"city":"https://...",
 *    "keyset_key":"<base64 of 32>","at":"2026-11-23T08:00:00.000Z"}
 *
 * Members are named as in the answer to an enrolment (sync/PROTOCOL.md). `hall_name` may be
 * missing: then the configuration names the hall. `ticket_block` is missing for a device without a
 * block. Further members are kept and ignored. */
#pragma once

#include <glib.h>

typedef struct {
  char *device;
  char *role; /* "kiosk", "desk" or "hall" */
  char *hall;
  char *hall_name_zh; /* or NULL */
  char *hall_name_en; /* or NULL */
  char case_code;
  int ticket_from; /* 0, 0 without a block */
  int ticket_to;
  char *city;
  guint8 keyset_key[32]; /* Ed25519 public key that signs key sets */
} Enrolment;

void enrolment_free (Enrolment *enrolment);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Enrolment, enrolment_free)

/* NOT_FOUND before enrolment; INVALID with the member's name. */
Enrolment *enrolment_load (const char *directory, GError **error);

/* Writes it (0600). */
gboolean enrolment_save (const char *directory, const Enrolment *enrolment, gint64 at,
                         GError **error);
