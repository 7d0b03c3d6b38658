/* object.h: sealed files on disk: objects/ab/abcdef... by SHA-256, and uploads/ID while they come.
 */
#pragma once

#include "city/city.h"

#define OBJECT_MAX_BYTES (24 * 1024 * (gint64)1024)

/* TRUE for 64 lower-case hex digits. NULL is FALSE. */
gboolean object_is_name (const char *sha256);

/* Owned. */
char *object_path (const City *city, const char *sha256);
char *object_upload_path (const City *city, const char *id);

/* Hashes the finished upload; if it is `sha256`, moves it under its name, fsynced with its folder.
 * INVALID if it is another; FULL, RETRY. */
gboolean object_adopt (City *city, const char *id, const char *sha256, GError **error);

/* The whole sealed object. NOT_FOUND, CORRUPT if its bytes have changed. Owned. */
GBytes *object_read (City *city, const char *sha256, GError **error);
