/* config.h: kiosk.conf and desk.conf (GKeyFile), read once at start.
 *
 * assets/packaging/kiosk.conf and desk.conf are the documented examples: each key with its default.
 * An unknown group or key, a word that is none, or a number out of bounds is INVALID, and the
 * message names file and line. Times are in seconds. All strings are set, empty where the file says
 * nothing. */
#pragma once

#include <glib.h>

#include "domain/hours.h"

typedef enum { CONFIG_MODE_NORMAL, CONFIG_MODE_TRAINING } ConfigMode;

typedef struct {
  int silence;
  int countdown;
} ConfigIdle;

typedef struct {
  char *path; /* the file itself */
  char *hall_id, *hall_name, *hall_district;
  gboolean is_desk; /* [desk] stands in place of [kiosk] */
  char *device_id;  /* [kiosk] id or [desk] id */
  ConfigMode mode;
  char *desk_window; /* "3" */
  char *city_url, *city_ca, *city_certificate, *city_key;
  char *store_directory; /* absolute; a relative one counts from the file's folder */
  char *receipt_printer_uri, *receipt_printer_media;
  char *page_printer_uri;
  char *scanner_device;     /* "sane:NAME", "v4l2:PATH", "folder:DIR", "none" */
  char *id_reader_device;   /* "helper:PATH", "none" */
  char *code_reader_device; /* "keyboard", "serial:PATH", "none" */
  char *card_reader_device; /* "pcsc", "none" */
  char *usb_stick_directory;
  char **screen_languages;  /* { "zh_CN", "en", NULL } */
  char *screen_orientation; /* "portrait", "landscape", "auto" */
  ConfigIdle idle_menu, idle_form;
  int idle_done;
  int idle_extended; /* how often */
  Hours *hours;      /* [hours] open; NULL is always open */
} Config;

void config_free (Config *config);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Config, config_free)

/* The path to read: `option` if not NULL, else $ONESTOP_CONFIG, else /etc/onestop/kiosk.conf.
 * Owned. */
char *config_path (const char *option);

Config *config_load (const char *path, GError **error);
