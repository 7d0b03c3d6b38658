/* html.c: escaping, the frame of every page, and the headers that keep a browser strict. Refuses
 * inline scripts and styles: the policy would not run them. */
#include "city/console/html.h"

#include <string.h>

#include "domain/person.h"

#define POLICY                                                                                     \
  "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "              \
  "object-src 'none'"

void
html_add (GString *page, const char *format, ...)
{
  va_list args;
  char *text;

  va_start (args, format);
  text = g_markup_vprintf_escaped (format, args);
  va_end (args);
  g_string_append (page, text);
  person_text_free (text);
}

static void
add_bar (GString *page, const Session *session, const char *here)
{
  static const char *const links[][3] = {{"/cases", "办件", "Cases"},
                                         {"/devices", "设备与告警", "Devices"}};

  html_add (page, "<header class=bar><a class=brand href=/><span class=moon "
                  "aria-hidden=true><i></i></span><span><b>苏州高层次人才一站式服务</b>"
                  "<small>市级办公台 · City console</small></span></a>");
  if (session != NULL) {
    html_add (page, "<nav aria-label=主导航>");
    for (gsize i = 0; i < G_N_ELEMENTS (links); i++)
      html_add (page, "<a href=\"%s\"%s>%s <small lang=en>%s</small></a>", links[i][0],
                g_strcmp0 (here, links[i][0]) == 0 ? " aria-current=page" : "", links[i][1],
                links[i][2]);
    html_add (page,
              "</nav><form class=who method=post action=/sign-out><span>%s<small>%s</small></span>",
              session->display, session_role_zh (session));
    html_add_token (page, session);
    html_add (page, "<button class=quiet>退出 <small lang=en>Sign out</small></button></form>");
  }
  html_add (page, "</header><div class=eave aria-hidden=true></div>");
}

GString *
html_begin (const Session *session, const char *title, const char *here)
{
  GString *page = g_string_sized_new (16384);

  html_add (page,
            "<!doctype html><html lang=zh-CN><head><meta charset=utf-8>"
            "<meta name=viewport content=\"width=device-width\"><title>%s · 一站式</title>"
            "<link rel=stylesheet href=/console.css><link rel=icon href=/mark.svg>"
            "<script src=/console.js defer></script></head><body%s>"
            "<a class=skip href=#main>跳到正文</a>",
            title, session != NULL ? " data-idle=900" : "");
  add_bar (page, session, here);
  html_add (page, "<main id=main>");
  return page;
}

static void
set_policy (HttpRequest *request)
{
  http_set_header (request, "Content-Security-Policy", POLICY);
  http_set_header (request, "Referrer-Policy", "same-origin");
  http_set_header (request, "X-Frame-Options", "DENY");
  http_set_header (request, "Strict-Transport-Security", "max-age=31536000");
}

void
html_reply (HttpRequest *request, int status, GString *take_page)
{
  gsize length;
  char *text;
  g_autoptr (GBytes) bytes = NULL;

  html_add (take_page, "</main><footer>收件不等于受理 · 每次查阅卷宗都先记录 "
                       "<small lang=en>Received is not accepted. Every reading is recorded "
                       "first.</small></footer></body></html>");
  length = take_page->len;
  text = g_string_free (take_page, FALSE);
  bytes = person_bytes_take (text, length);
  set_policy (request);
  http_reply_bytes (request, status, "text/html; charset=utf-8", bytes);
}

void
html_reply_note (HttpRequest *request, const Session *session, int status, const char *title,
                 const char *text)
{
  GString *page = html_begin (session, title, NULL);

  html_add (page,
            "<section class=\"card note\"><h1>%s</h1><p>%s</p>"
            "<p><a class=button href=/cases>回到办件</a></p></section>",
            title, text);
  html_reply (request, status, page);
}

void
html_redirect (HttpRequest *request, const char *path)
{
  http_set_header (request, "Location", path);
  set_policy (request);
  http_reply (request, 303, NULL, "", 0);
}

void
html_add_token (GString *page, const Session *session)
{
  html_add (page, "<input type=hidden name=\"token\" value=\"%s\">", session->token);
}
