/* dossier.h: what the dossier of one case consists of, opened and in memory.
 *
 * A plain record that whoever may open the seal fills (the desk, the city) and dossier-paper
 * prints. It holds personal data: everything is wiped when it is freed, and nothing here writes a
 * file. */
#pragma once

#include <glib.h>

/* One answer of the form, in the order of the form. `section` may be NULL or repeat. */
typedef struct {
  char *section;
  char *label;
  char *value;
} DossierField;

/* One line of the timeline. */
typedef struct {
  gint64 at;  /* ms UTC */
  char *step; /* 已提交, 已收件, ... (case_state_zh) */
  char *who;  /* kiosk, unit or specialist */
  char *note; /* or NULL */
} DossierEvent;

/* One stored document. Its pages are taken from the bytes; rotation only applies when printed. */
typedef struct {
  char *slot;
  char *name;      /* of the material, in Chinese */
  int index;       /* of the slot's documents, from 0 */
  char *file_name; /* as handed over, or NULL */
  char *source;    /* 本机扫描, U 盘, 窗口, ... or NULL */
  char *media;     /* "image/jpeg", "image/png", "application/pdf", "image/svg+xml" (signature) */
  int rotate;      /* 0, 90, 180, 270: clockwise */
  char *sha256;    /* of the plaintext, lower hex, or NULL */
  GBytes *bytes;   /* NULL: not here (yet); the index says so */
} DossierDocument;

typedef struct {
  char *talent_file;  /* 档案号, or NULL before there is one */
  char *number;       /* 件号: the case number */
  char *service_name; /* in Chinese */
  char *guide;        /* version of the guide the case began with: sha256, or NULL */
  char *hall_name;
  char *department;    /* 承办部门, or NULL */
  char *applicant;     /* name in full; the cover shows it masked */
  char *paper_kind;    /* 居民身份证, 护照, ... or NULL */
  char *paper_number;  /* in full; only its last four are printed */
  char *on_behalf;     /* employer or agent who submitted, or NULL */
  char *category;      /* 申报类别, or NULL */
  gboolean recognised; /* FALSE: printed as （未认定） */
  char *identity_line; /* 身份：扫描件，未核原件 / 窗口核验原件 / ...: what was done, never more */
  char *state;                       /* words of the state now */
  char *limit_line;                  /* 收件之日起 10 个工作日, or NULL */
  gint64 submitted_at;               /* ms UTC */
  gint64 received_at;                /* 0: nobody has received it */
  gint64 printed_at;                 /* time of this print, ms UTC: also the PDF's date */
  char *printed_by;                  /* the clerk who reads it: on every page */
  char *printed_on;                  /* the device */
  char *specialist_a, *specialist_b; /* or NULL */
  char *ticket_text;                 /* of the cover's QR code, or NULL: none is printed */
  gboolean training;
  GPtrArray *fields;    /* DossierField */
  GPtrArray *events;    /* DossierEvent, oldest first */
  GPtrArray *documents; /* DossierDocument, in the guide's order; the signature is one of them */
  GPtrArray *missing;   /* char *: names of materials not handed over */
  GPtrArray *consents;  /* char *: one line each */
} Dossier;

Dossier *dossier_new (void);
void dossier_free (Dossier *dossier); /* wipes */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Dossier, dossier_free)

/* Each copies its texts (NULL stays NULL) and takes a reference of the bytes. */
void dossier_add_field (Dossier *dossier, const char *section, const char *label,
                        const char *value);
void dossier_add_event (Dossier *dossier, gint64 at, const char *step, const char *who,
                        const char *note);
DossierDocument *dossier_add_document (Dossier *dossier, const char *slot, const char *name,
                                       int index, const char *media, int rotate, GBytes *bytes);
void dossier_add_missing (Dossier *dossier, const char *name);
void dossier_add_consent (Dossier *dossier, const char *line);

/* INVALID that says what a dossier cannot be printed without (number, service, hall, time). */
gboolean dossier_check (const Dossier *dossier, GError **error);
